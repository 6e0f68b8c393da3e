import { formatDuration } from '../transcript/duration.js';

/** @import { Config } from '../api/api.js' */
/** @import { Activity } from '../conversation/activity.js' */
/** @import { Launcher } from '../launcher/launcher.js' */
/** @import { Transcript } from '../transcript/transcript.js' */
/** @import { Layout } from './layout.js' */

// What shows that somebody is there, anywhere on the page.
const ACTIVITY = ['click', 'input', 'keydown', 'pointermove', 'touchmove', 'wheel'];
// Screen readers are told once more when so many seconds are left.
const LAST_CALL = 5;

/**
 * @typedef {object} Parts
 * @property {HTMLElement} host its attributes say how long it is, else the server's settings
 * @property {Launcher} launcher shows it while the panel is hidden
 * @property {Layout} layout
 * @property {Transcript} transcript
 * @property {Activity} activity time does not count while the agent is busy
 * @property {() => Config} config
 */

/** Ends a conversation after a time of inactivity, with a countdown that visitors see and can cancel. */
export class Countdown {
  #parts;
  #end;
  #inactive = 0;
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
    const { launcher, layout } = this.#parts;
    this.#inactive = 0;
    if (!layout.countdown.hidden && !launcher.expanded) launcher.badge = '';
    layout.countdown.hidden = true;
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
    if (left > 0) this.#show(left, left === seconds || left === LAST_CALL);
    else this.#end();
  }

  /**
   * @param {number} left seconds
   * @param {boolean} announce
   */
  #show(left, announce) {
    const { launcher, layout, transcript } = this.#parts;
    const { closing, language } = transcript.texts;
    const line = closing.replace('{time}', formatDuration(left, language));
    layout.closing.textContent = line;
    layout.countdown.hidden = false;
    if (!launcher.expanded) launcher.badge = String(left);
    if (announce) transcript.announce(line);
  }
}
