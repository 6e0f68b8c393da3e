import { hasOnScreenKeyboard } from './screen.js';

/** @import { Launcher } from '../launcher/launcher.js' */
/** @import { Layout } from './layout.js' */

/** The panel as a dialog: shown or hidden, with the focus in it or back where it came from. */
export class Dialog {
  #launcher;
  #panel;
  #input;
  /** @type {HTMLElement | null} what had the focus before */
  #opener = null;

  /** @param {{ launcher: Launcher, layout: Layout }} parts */
  constructor({ launcher, layout }) {
    this.#launcher = launcher;
    this.#panel = layout.panel;
    this.#input = layout.input;
  }

  /** Focus traps of the page, which mostly listen on capturing, do not learn of the focus in the panel. */
  #shield = (/** @type {Event} */ event) => {
    if (event.composedPath().includes(this.#panel)) event.stopImmediatePropagation();
  };

  /** Shows the panel and moves the focus into it. */
  show() {
    let focused = document.activeElement;
    while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
    const elsewhere = focused !== document.body && !this.#launcher.root.contains(focused);
    this.#opener = /** @type {HTMLElement | null} */ (elsewhere ? focused : null);
    this.#panel.inert = false;
    this.#launcher.expanded = true;
    addEventListener('focusin', this.#shield, true);
    this.focus();
  }

  /** Hides the panel; the focus goes back to where it came from. */
  hide() {
    const focusInside = this.#panel.matches(':focus-within');
    this.#panel.inert = true;
    this.#launcher.expanded = false;
    removeEventListener('focusin', this.#shield, true);
    if (focusInside) (this.#opener?.isConnected ? this.#opener : this.#launcher.button).focus();
  }

  /** Focuses the text field, or the panel where that would raise an on-screen keyboard. */
  focus() {
    (hasOnScreenKeyboard() ? this.#panel : this.#input).focus();
  }
}
