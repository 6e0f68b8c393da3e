import { VOICE, el, icon, nameButton } from '../dom.js';

/** The floating button, with its badge and a line for what could not be loaded. */
export class Launcher {
  button;
  /** Everything of the widget is inside. */
  root;
  #label = el('span', { part: 'label' });
  #badge = el('span', { part: 'badge', hidden: '', 'aria-hidden': true });
  #problem = el('div', { role: 'alert' });

  /** @param {{ onPress: () => void, onNear: () => void }} events `onNear`: the visitor may be about to press */
  constructor({ onPress, onNear }) {
    this.button = el(
      'button',
      { part: 'launcher', 'aria-expanded': false, onclick: onPress, onpointerenter: onNear, onfocus: onNear },
      icon(VOICE),
      this.#label,
      this.#badge,
    );
    this.#problem.onclick = onPress;
    this.root = el('div', { part: 'root', role: 'region' }, this.button, this.#problem);
  }

  /** Whether the panel is shown. */
  get expanded() {
    return this.button.ariaExpanded === 'true';
  }

  set expanded(expanded) {
    this.button.ariaExpanded = String(expanded);
  }

  /**
   * Shows a badge: '' is a dot, null is none.
   *
   * @param {string | null} text
   */
  set badge(text) {
    this.#badge.hidden = text === null;
    this.#badge.textContent = text;
  }

  /** @param {string} text what went wrong, on a button that tries again; '' if nothing did */
  set problem(text) {
    this.#problem.replaceChildren(text && el('button', { part: 'oops' }, text));
  }

  /**
   * Sets the language, the direction and the button's name.
   *
   * @param {string} label
   * @param {string} language
   */
  translate(label, language) {
    Object.assign(this.root, { lang: language, dir: language === 'ar' ? 'rtl' : 'ltr', ariaLabel: label });
    this.#label.textContent = label;
    nameButton(this.button, label);
  }
}
