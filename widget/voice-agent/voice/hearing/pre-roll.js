/** @import { Frame } from './utterance.js' */

/** The last moments of sound, for what begins before it is noticed. */
export class PreRoll {
  /** @type {Frame[]} */
  #frames = [];
  #seconds;

  /** @param {number} seconds */
  constructor(seconds) {
    this.#seconds = seconds;
  }

  /** @param {Frame} frame */
  add(frame) {
    this.#frames.push(frame);
    if (this.#frames.length * frame.seconds > this.#seconds) this.#frames.shift();
  }

  /** @param {number} seconds */
  last(seconds) {
    const count = Math.ceil(seconds / (this.#frames[0]?.seconds ?? 1));
    return this.#frames.slice(-count);
  }
}
