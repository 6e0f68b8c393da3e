/** @import { SpokenPart } from '../spoken/sentences.js' */

/** @typedef {{ from: number, to: number, begin: number, end: number, whole: boolean }} Span a part, on the audio clock */

// Slow speech, for a part whose length is not known yet.
const SECONDS_PER_CHARACTER = 1 / 12;

/** Knows up to where in its text an answer has been heard. */
export class Progress {
  /** @type {Span[]} */
  #spans = [];

  /**
   * A part begins to be heard at `begin`.
   *
   * @param {SpokenPart} part
   * @param {number} begin
   */
  begin({ shown }, begin) {
    this.#spans.push({ from: this.#spans.at(-1)?.to ?? 0, to: shown, begin, end: begin, whole: false });
  }

  /**
   * The sound of the last part goes on until `end`.
   *
   * @param {number} end
   * @param {boolean} whole whether that is all of it
   */
  extend(end, whole) {
    const last = this.#spans.at(-1);
    if (last) Object.assign(last, { end, whole });
  }

  /**
   * The offset in the text of the answer up to which it has been heard at `time`.
   *
   * @param {number} time
   */
  heard(time) {
    const span = this.#spans.findLast(({ begin }) => begin < time);
    if (!span) return 0;
    const { from, to, begin, end, whole } = span;
    const seconds = whole ? end - begin : Math.max(end - begin, (to - from) * SECONDS_PER_CHARACTER);
    return from + Math.floor((to - from) * Math.min(1, seconds > 0 ? (time - begin) / seconds : 1));
  }
}
