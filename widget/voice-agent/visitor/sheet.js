import { el, icon, nameButton } from '../dom.js';
import { pressedKey } from '../panel/keyboard.js';

/** @import { Dialog } from '../panel/dialog.js' */
/** @import { Layout } from '../panel/layout.js' */

const BACK = 'M15 5l-7 7 7 7';

/** Something in the panel that takes the place of the conversation, until the visitor goes back to that. */
export class Sheet {
  /** Holds the content. */
  body = el('div', { part: 'page' });
  /** Aborted when the sheet is left. */
  signal;
  #leaving = new AbortController();
  #dialog;
  #root;

  /**
   * Shows an empty sheet, in the place of another one.
   *
   * @param {{ layout: Layout, dialog: Dialog }} parts
   * @param {string} title
   * @param {string} back the name of the button that leads back
   */
  constructor({ layout, dialog }, title, back) {
    this.#dialog = dialog;
    this.signal = this.#leaving.signal;
    closeSheet(layout.panel);
    const button = el('button', { part: 'tool back', onclick: () => this.leave() }, icon(BACK));
    nameButton(button, back);
    const heading = el('h2', { part: 'title', id: 'title', tabindex: -1 }, title);
    this.#root = el(
      'div',
      { part: 'sheet', role: 'region', 'aria-labelledby': 'title', tabindex: -1, onleave: () => this.leave() },
      el('div', { part: 'header' }, button, heading),
      this.body,
    );
    this.#root.addEventListener('keydown', (event) => this.#useKey(event));
    layout.panel.prepend(this.#root);
    heading.focus();
  }

  /** Whether the focus is in the sheet. */
  get hasFocus() {
    return this.#root.matches(':focus-within');
  }

  /** Shows the conversation again; the focus goes there if it was in the sheet. */
  leave() {
    const { hasFocus } = this;
    this.#leaving.abort();
    this.#root.remove();
    if (hasFocus) this.#dialog.focus();
  }

  /** Moves the focus to the heading. */
  focus() {
    this.#root.querySelector('h2')?.focus();
  }

  #useKey(/** @type {KeyboardEvent} */ event) {
    if (pressedKey(event) !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    this.leave();
  }
}

/**
 * Closes the sheet that is open, if any.
 *
 * @param {HTMLElement} panel
 */
export function closeSheet(panel) {
  panel.querySelector('.sheet')?.dispatchEvent(new Event('leave'));
}
