import { onGesture } from '../gesture.js';

// How often it is looked whether the sound goes on. Hidden pages look once a second.
const LOOK_MS = 500;
// After so many looks at a standstill, a new context is tried; and after so many, the sound is given up. They are
// counted rather than timed, because a page that was asleep has not been stuck.
const RENEW_AFTER = 3;
const GIVE_UP_AFTER = 10;

/**
 * @typedef {object} Watched
 * @property {() => AudioContext} context
 * @property {() => boolean} busy whether sound is scheduled
 * @property {() => void} renew plays what is left on a new context
 * @property {() => void} lost there is no sound, and will be none
 */

/**
 * Sees to it that scheduled sound goes on. The system may stop it, for a call, other headphones or sleep, with an event or
 * without; it goes on as soon as it may, else it is given up.
 */
export class Watch {
  #watched;
  #timer = 0;
  #looks = 0;
  #time = -1;
  #ends = new AbortController();

  /** @param {Watched} watched */
  constructor(watched) {
    this.#watched = watched;
  }

  /** Begins to watch, until nothing is scheduled any more. */
  start() {
    if (this.#timer) return;
    this.#looks = 0;
    this.#time = -1;
    this.#timer = setInterval(() => this.#check(), LOOK_MS);
    const { signal } = (this.#ends = new AbortController());
    const resume = () => this.#resume();
    onGesture(resume, { signal });
    document.addEventListener('visibilitychange', resume, { signal });
    navigator.mediaDevices?.addEventListener('devicechange', resume, { signal });
  }

  /** Looks at once: the state of the context has changed. */
  look() {
    if (this.#timer) this.#resume();
  }

  #resume() {
    const context = this.#watched.context();
    if (context.state !== 'running') context.resume().catch(() => {});
  }

  #check() {
    if (!this.#watched.busy()) {
      this.#stop();
      return;
    }
    const { currentTime } = this.#watched.context();
    this.#looks = currentTime === this.#time ? this.#looks + 1 : 0;
    this.#time = currentTime;
    if (!this.#looks) return;
    this.#resume();
    if (this.#looks === RENEW_AFTER) {
      this.#watched.renew();
      this.#time = this.#watched.context().currentTime;
    }
    if (this.#looks < GIVE_UP_AFTER) return;
    this.#stop();
    this.#watched.lost();
  }

  #stop() {
    clearInterval(this.#timer);
    this.#timer = 0;
    this.#ends.abort();
  }
}
