import { IdleTimer } from './idle.js';
import { adaptToScreen } from './screen.js';

/** @import { Parts } from './idle.js' */
/** @import { Panel } from './panel.js' */

/** Follows the page while a conversation is shown, or waits behind the button. */
export class Watch {
  #parts;
  #panel;
  #idle;
  /** @type {AbortController | undefined} */
  #following;

  /**
   * @param {Parts} parts
   * @param {Panel} panel
   */
  constructor(parts, panel) {
    this.#parts = parts;
    this.#panel = panel;
    this.#idle = new IdleTimer(parts, () => panel.close('countdown'));
  }

  /** Begins, unless the element is in no page. */
  start() {
    const { host, layout } = this.#parts;
    const panel = this.#panel;
    this.#following?.abort();
    if (!host.isConnected) return;
    const { signal } = (this.#following = new AbortController());
    adaptToScreen(layout.panel, signal, () => panel.minimize());
    addEventListener('pageshow', ({ persisted }) => persisted && panel.reload(), { signal });
    this.#idle.start();
  }

  /** Stops, until the next start. */
  stop() {
    this.#following?.abort();
    this.#idle.stop();
  }
}
