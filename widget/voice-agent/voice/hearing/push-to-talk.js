/** @import { ApiError } from '../../api/errors.js' */
/** @import { Hearing } from '../server-listener.js' */
/** @import { Frame, Utterance } from './utterance.js' */

// A recording that is too long ends in the next pause, or without one after so many times the longest.
const PAUSE_SECONDS = 0.3;
const HARD_LIMIT = 2;
// What was said at the very end is still on its way when the button is released. If nothing comes, nothing will.
const LAST_FRAME_MS = 100;

/** Records while the button is held, or from one tap to the next. */
export class PushToTalk {
  /** @type {'listening' | 'transcribing' | null} */
  state = 'listening';
  #hearing;
  #utterance;
  /** @type {number | null} when the button was released */
  #released = null;
  #over = new AbortController();

  /** @param {Hearing} hearing */
  constructor(hearing) {
    this.#hearing = hearing;
    this.#utterance = hearing.transcriber.begin();
    // A button that is held while the page is hidden is never released.
    const hidden = () => document.hidden && this.finish(performance.now());
    document.addEventListener('visibilitychange', hidden, { signal: this.#over.signal });
  }

  /** What has been said of a question that is not asked yet. */
  get unasked() {
    return this.state === 'listening' && this.#hearing.detector.heard ? this.#utterance : null;
  }

  again() {}

  resume() {}

  /** Returns whether the microphone is needed no longer. */
  discard() {
    this.stop();
    return true;
  }

  stop() {
    this.#over.abort();
    this.state = null;
  }

  /** @param {number} end when the button was released, on the page's clock */
  finish(end) {
    if (this.state !== 'listening' || this.#released !== null) return;
    this.#released = end;
    // Before the microphone is open, the visitor may still be asked for permission.
    if (this.#utterance.seconds) setTimeout(() => this.#finished(), LAST_FRAME_MS);
  }

  /** @param {Frame} frame that the detector has heard */
  hear(frame) {
    if (this.state !== 'listening') return;
    const { detector, max } = this.#hearing;
    const utterance = this.#utterance;
    utterance.add(frame);
    if (this.#released !== null) return this.#finished();
    utterance.split(this.#over.signal);
    const isLong = utterance.seconds >= max && detector.quiet >= PAUSE_SECONDS;
    if (isLong || utterance.seconds >= HARD_LIMIT * max) this.finish(performance.now());
  }

  #finished() {
    if (this.state !== 'listening') return;
    if (this.#hearing.detector.heard) void this.send(this.#utterance, this.#released ?? performance.now());
    else this.#hearing.events.failed('silent');
  }

  /**
   * Has a question written down, and asks it.
   *
   * @param {Utterance} utterance
   * @param {number} end when it was finished, on the page's clock
   */
  async send(utterance, end) {
    const { events, close } = this.#hearing;
    const { signal } = this.#over;
    this.state = 'transcribing';
    close();
    events.changed();
    try {
      const text = await utterance.text(signal);
      if (signal.aborted) return;
      this.state = null;
      if (text) events.heard(text, end);
      else events.failed('silent');
    } catch (reason) {
      if (!signal.aborted) events.failed('lostSpeech', /** @type {ApiError} */ (reason));
    }
  }
}
