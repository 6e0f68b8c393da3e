/** @import { Config } from '../api/api.js' */
/** @import { Activity } from '../conversation/activity.js' */
/** @import { VoiceAgentElement } from '../element.js' */
/** @import { Launcher } from '../launcher/launcher.js' */
/** @import { Transcript } from '../transcript/transcript.js' */
/** @import { Countdown } from './countdown.js' */
/** @import { Layout } from './layout.js' */

// What shows that somebody is there, anywhere on the page.
const ACTIVITY = ['click', 'input', 'keydown', 'pointermove', 'touchmove', 'wheel'];

/**
 * @typedef {object} Parts
 * @property {VoiceAgentElement} host its attributes say how long to wait, else the server's settings
 * @property {ShadowRoot} shadow
 * @property {Launcher} launcher shows the countdown while the panel is hidden
 * @property {Layout} layout
 * @property {Transcript} transcript
 * @property {Activity} activity time does not count while the agent is busy
 * @property {() => Config} config
 */

/** Ends a conversation after a time of inactivity, with a countdown that visitors see and can cancel. */
export class IdleTimer {
  #parts;
  #end;
  #inactive = 0;
  #badge = '';
  /** @type {Promise<Countdown> | undefined} loaded when it is needed */
  #countdown;
  /** @type {AbortController | undefined} */
  #watching;

  /**
   * @param {Parts} parts
   * @param {() => void} end is called when it is over
   */
  constructor(parts, end) {
    this.#parts = parts;
    this.#end = end;
  }

  /** Begins to watch for inactivity. */
  start() {
    this.stop();
    this.#watching = new AbortController();
    const { signal } = this.#watching;
    const reset = () => this.#reset();
    for (const type of ACTIVITY) addEventListener(type, reset, { signal, capture: true });
    const timer = setInterval(() => this.#tick(), 1000);
    signal.addEventListener('abort', () => clearInterval(timer));
  }

  /** Stops watching. */
  stop() {
    this.#watching?.abort();
    this.#reset();
  }

  /** Somebody is there. */
  #reset() {
    const { launcher } = this.#parts;
    this.#inactive = 0;
    this.#countdown?.then((countdown) => this.#inactive || countdown.hide());
    if (this.#badge && !launcher.expanded) launcher.badge = '';
    this.#badge = '';
  }

  /** Called every second. */
  #tick() {
    const { host, activity, config } = this.#parts;
    if (document.hidden || activity.busy) return;
    const { autoCloseSeconds = 0, countdownSeconds = 0 } = config();
    const idle = Number(host.getAttribute('auto-close') ?? autoCloseSeconds);
    const seconds = Number(host.getAttribute('countdown') ?? countdownSeconds);
    this.#inactive += 1;
    const left = idle + seconds - this.#inactive;
    // An idle time of 0, or that is not a number, means never.
    if (!idle || left > seconds) return;
    if (left > 0) this.#show(left, seconds);
    else this.#end();
  }

  /**
   * @param {number} left seconds
   * @param {number} total seconds
   */
  async #show(left, total) {
    const { launcher } = this.#parts;
    this.#badge = String(left);
    if (!launcher.expanded) launcher.badge = this.#badge;
    try {
      this.#countdown ??= import('./countdown.js').then((loaded) => new loaded.Countdown(this.#parts).ready());
      const countdown = await this.#countdown;
      if (this.#inactive) countdown.show(left, total);
    } catch {
      // Nobody is turned out without a warning.
      this.#countdown = undefined;
      this.#reset();
    }
  }
}
