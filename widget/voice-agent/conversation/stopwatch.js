/** @import { Metrics } from '../events.js' */
/** @import { Spoken } from './types.js' */

/** @typedef {'firstText' | 'firstAudio'} Mark */

/** Measures each turn, and reports it once, when nothing more is to come. */
export class Stopwatch {
  /** Whether sound may still follow; a voice replaces this. */
  expectsSound = () => false;
  #report;
  #since = 0;
  /** @type {Metrics | null} */
  #metrics = null;

  /** @param {(metrics: Metrics) => void} report */
  constructor(report) {
    this.#report = report;
  }

  /**
   * Begins a turn; the one before is reported if it was not yet.
   *
   * @param {Spoken} spoken
   */
  start({ since = performance.now(), transcript = null, wastedSeconds = 0 }) {
    this.report();
    this.#since = since;
    this.#metrics = { transcript, firstText: null, firstAudio: null, wastedSeconds };
  }

  /**
   * Records when something happened for the first time.
   *
   * @param {Mark} mark
   * @param {number} [at] on the page's clock
   */
  mark(mark, at = performance.now()) {
    if (this.#metrics) this.#metrics[mark] ??= Math.round(at - this.#since);
  }

  /** Reports a turn that is over, unless sound may still follow. */
  settle() {
    if (!this.expectsSound()) this.report();
  }

  /** Reports the turn, unless it was reported. */
  report() {
    const metrics = this.#metrics;
    this.#metrics = null;
    if (metrics) this.#report(metrics);
  }
}
