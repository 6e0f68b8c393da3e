/**
 * @typedef {object} Frame a short piece of sound
 * @property {number} probability that it is speech
 * @property {number} level of speech, of 1
 * @property {number} seconds
 * @property {Int16Array} samples at 16 kHz
 *
 * @typedef {(samples: Int16Array<ArrayBuffer>, signal: AbortSignal) => Promise<string>} Write has a recording written down
 */

// Longer ones are written down in parts: 30 s of WAV are as much as a server accepts at first (MAX_AUDIO_BYTES).
const MAX_PART_SECONDS = 25;
// A part ends in the quietest moment of its last seconds: of so many frames together.
const SEARCHED_SECONDS = 8;
const MOMENT = 5;

/** What a visitor says in one turn: the sound, and the transcripts of what was said long ago. */
export class Utterance {
  /** @type {Promise<string>[]} */
  #parts = [];
  #write;
  #frames;
  /** Seconds of sound altogether. */
  seconds = 0;

  /**
   * @param {Write} write
   * @param {Frame[]} frames its beginning
   */
  constructor(write, frames) {
    this.#write = write;
    this.#frames = [...frames];
    this.seconds = secondsOf(frames);
  }

  /** @param {Frame} frame */
  add(frame) {
    this.#frames.push(frame);
    this.seconds += frame.seconds;
  }

  /**
   * Has a part written down if there is enough for one.
   *
   * @param {AbortSignal} signal
   */
  split(signal) {
    if (secondsOf(this.#frames) <= MAX_PART_SECONDS) return;
    const part = this.#write(joined(this.#frames.splice(0, quietest(this.#frames))), signal);
    part.catch(() => {}); // whoever asks for the text is told
    this.#parts.push(part);
  }

  /**
   * Drops all but the last seconds: nothing was said so far.
   *
   * @param {number} seconds
   */
  shorten(seconds) {
    while (this.seconds > seconds && this.#frames.length) this.seconds -= this.#frames.shift()?.seconds ?? 0;
  }

  /**
   * Puts what was said before in front.
   *
   * @param {Utterance} earlier
   */
  follow(earlier) {
    this.#parts = [...earlier.#parts, ...this.#parts];
    // The end of what was said before may be the beginning of this.
    this.#frames = [...new Set([...earlier.#frames, ...this.#frames])];
    this.seconds = earlier.seconds + this.seconds;
  }

  /**
   * What was said.
   *
   * @param {AbortSignal} signal
   */
  async text(signal) {
    const texts = await Promise.all([...this.#parts, this.#write(joined(this.#frames), signal)]);
    return texts.map((text) => text.trim()).filter(Boolean).join(' ');
  }
}

/** @param {Frame[]} frames */
function secondsOf(frames) {
  return frames.reduce((total, { seconds }) => total + seconds, 0);
}

/** @param {Frame[]} frames */
function joined(frames) {
  const samples = new Int16Array(frames.reduce((total, frame) => total + frame.samples.length, 0));
  let at = 0;
  for (const frame of frames) {
    samples.set(frame.samples, at);
    at += frame.samples.length;
  }
  return samples;
}

/**
 * Where it is quietest, as an index.
 *
 * @param {Frame[]} frames
 */
function quietest(frames) {
  const first = frames.length - Math.round(SEARCHED_SECONDS / frames[0].seconds);
  const levels = frames.map((_, index) => {
    const moment = frames.slice(Math.max(0, index - MOMENT), index + MOMENT + 1);
    return index < first ? Infinity : Math.max(...moment.map(({ level }) => level));
  });
  return levels.indexOf(Math.min(...levels));
}
