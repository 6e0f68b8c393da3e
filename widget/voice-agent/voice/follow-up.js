/** @import { Amends } from '../conversation/types.js' */

// Whoever begins to speak before the answer has been heard for so long has not reacted to it, but goes on.
const JOIN_MS = 1000;
// As many as the server accepts.
const MAX_REPLACED = 10;

/** What the next spoken question does to turns before it: it goes on with the last one, interrupts its answer, or neither. */
export class FollowUp {
  #asks = false;
  /** Whether the last question was spoken. */
  #spoken = false;
  /** @type {number | null} since when its answer is heard or read */
  #perceived = null;
  /** @type {string[]} */
  #replaced = [];
  /** @type {Amends['interrupted']} */
  #interrupted;
  /** Whether there was no interruption since the last question. */
  #fresh = true;

  /** A spoken question is sent; returns what it changes. */
  ask() {
    if (this.#fresh) this.#forget();
    this.#asks = this.#fresh = true;
    /** @type {Amends} */
    const amends = { interrupted: this.#interrupted };
    if (this.#replaced.length) amends.replaces = this.#replaced.slice(-MAX_REPLACED);
    return amends;
  }

  /** A turn begins. */
  begin() {
    this.#spoken = this.#asks;
    this.#asks = false;
    this.#perceived = null;
  }

  /** Something of the answer is heard or read. */
  perceive() {
    this.#perceived ??= performance.now();
  }

  /**
   * The visitor speaks before the turn is over. Returns whether this goes on with its question.
   *
   * @param {string | undefined} turnId of the turn
   * @param {number} heardChars of its answer
   */
  continueOrInterrupt(turnId, heardChars) {
    const joins = this.#spoken && (this.#perceived === null || performance.now() - this.#perceived < JOIN_MS);
    if (!joins) this.interrupt(turnId, heardChars);
    else if (turnId && !this.#replaced.includes(turnId)) this.#replaced.push(turnId);
    this.#fresh = false;
    return joins;
  }

  /**
   * The visitor does not want to hear the rest of an answer.
   *
   * @param {string | undefined} turnId of the turn
   * @param {number} heardChars of its answer
   */
  interrupt(turnId, heardChars) {
    this.#forget();
    this.#fresh = false;
    if (turnId) this.#interrupted = { turnId, heardChars };
  }

  #forget() {
    this.#replaced = [];
    this.#interrupted = undefined;
  }
}
