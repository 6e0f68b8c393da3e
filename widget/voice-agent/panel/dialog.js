import { coversPage, hasOnScreenKeyboard } from './screen.js';

/** @import { Launcher } from '../launcher/launcher.js' */
/** @import { Layout } from './layout.js' */

const FOCUSABLE = 'button, a, textarea, [tabindex="0"]';

/** The panel as a dialog: shown or hidden, with the focus in it or back where it came from. */
export class Dialog {
  #host;
  #launcher;
  #panel;
  #input;
  /** @type {HTMLElement | null} what had the focus before */
  #opener = null;

  /** @param {{ host: HTMLElement, launcher: Launcher, layout: Layout }} parts */
  constructor({ host, launcher, layout }) {
    this.#host = host;
    this.#launcher = launcher;
    this.#panel = layout.panel;
    this.#input = layout.input;
  }

  /** Shows the panel and moves the focus into it. */
  show() {
    const focused = /** @type {HTMLElement} */ (document.activeElement);
    this.#opener = [this.#host, document.body].includes(focused) ? this.#launcher.button : focused;
    this.#panel.inert = false;
    this.#launcher.expanded = true;
    this.focus();
  }

  /** Hides the panel; the focus goes back to where it came from. */
  hide() {
    const focusInside = this.#panel.contains(this.#focused);
    this.#panel.inert = true;
    this.#launcher.expanded = false;
    if (focusInside) (this.#opener?.isConnected ? this.#opener : this.#launcher.button).focus();
  }

  /** Focuses the text field, or the panel where that would raise an on-screen keyboard. */
  focus() {
    (hasOnScreenKeyboard() ? this.#panel : this.#input).focus();
  }

  /**
   * Keeps the focus in a panel that covers the page: moves it from one end to the other.
   *
   * @param {boolean} backwards
   * @returns {boolean} whether the focus was moved
   */
  wrapFocus(backwards) {
    if (!coversPage()) return false;
    const all = /** @type {NodeListOf<HTMLElement>} */ (this.#panel.querySelectorAll(FOCUSABLE));
    const stops = [...all].filter((stop) => stop.checkVisibility());
    const ends = [stops[0], stops[stops.length - 1]];
    const [first, last] = backwards ? ends.reverse() : ends;
    if (this.#focused !== last) return false;
    first.focus();
    return true;
  }

  get #focused() {
    return /** @type {ShadowRoot} */ (this.#panel.getRootNode()).activeElement;
  }
}
