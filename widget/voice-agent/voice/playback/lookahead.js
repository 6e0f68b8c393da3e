// Until there is a measurement: a slow voice.
const SYNTHESIS_SECONDS = 1;
// About what OpenAI's and Aura's voices speak in English. Each measurement counts for more than that.
const FIRST_CHARACTERS = 150;
const FIRST_SECONDS = 10;
// A voice takes longer now and then.
const MARGIN = 1.25;
const MARGIN_SECONDS = 0.25;
// Of a measurement that is lower than those before, so much counts.
const SHARE = 0.15;
const MIN_WAIT_SECONDS = 0.02;
// More requests are not open or unplayed at a time, however slow the voice is.
const MAX_REQUESTS = 6;

/**
 * @typedef {object} Part what is to be spoken
 * @property {string} text
 * @property {number} [requested] when it was requested, in seconds
 * @property {number} [scheduled] how many seconds of it are scheduled to be played; undefined before its first sound
 */

/**
 * Decides which parts of an answer are fetched by when. Each is requested as early as its synthesis takes, so that there
 * is no gap before it; and no earlier, because whatever is fetched is wasted if the visitor interrupts.
 */
export class Lookahead {
  #synthesis = SYNTHESIS_SECONDS;
  #characters = FIRST_CHARACTERS;
  #seconds = FIRST_SECONDS;

  /** @param {number} seconds that it took from a request to its first sound */
  responded(seconds) {
    this.#synthesis = Math.max(seconds, this.#synthesis + SHARE * (seconds - this.#synthesis));
  }

  /**
   * @param {string} text
   * @param {number} seconds that it takes to say it
   */
  spoken(text, seconds) {
    this.#characters += text.length;
    this.#seconds += seconds;
  }

  /**
   * The parts to be requested now, and in how many seconds to ask again; undefined if only once something changes.
   *
   * @template {Part} P
   * @param {P[]} parts that are not scheduled to their ends, in order
   * @param {number} left how many seconds of sound are scheduled
   * @param {number} now in seconds
   * @returns {{ due: P[], again?: number }}
   */
  plan(parts, left, now) {
    // A request that has been waiting for longer than any before says how slow the voice is today.
    const waits = parts.map(({ requested = now, scheduled }) => (scheduled === undefined ? now - requested : 0));
    const synthesis = Math.max(this.#synthesis, ...waits);
    const window = synthesis * MARGIN + MARGIN_SECONDS;
    /** @type {P[]} */
    const due = [];
    let needed = left;
    for (const part of parts.slice(0, MAX_REQUESTS)) {
      const early = needed - window;
      if (part.requested === undefined && early > 0) return { due, again: Math.max(early, MIN_WAIT_SECONDS) };
      if (part.requested === undefined) due.push(part);
      const { requested = now, scheduled } = part;
      if (scheduled === undefined) needed = Math.max(needed, requested + synthesis - now);
      needed += Math.max(0, this.#duration(part.text) - (scheduled ?? 0));
    }
    return { due };
  }

  /** @param {string} text */
  #duration(text) {
    return (text.length * this.#seconds) / this.#characters;
  }
}
