import { el, icon, nameButton } from '../../dom.js';
import { confirmAction } from '../confirm.js';
import { formatDay } from './day.js';

/** @import { HistoryTexts, Language } from '../../languages.js' */
/** @import { Summary } from './history-api.js' */

const ICONS = {
  rename: 'M4 20l1-4L16 5l3 3L8 19zM14 7l3 3',
  remove: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13',
};
// As long as the agent's titles may be.
const MAX_TITLE = 80;

/**
 * @typedef {object} Actions of a conversation; they reject if they fail
 * @property {(item: Item) => void} open
 * @property {(item: Item, title: string) => Promise<Summary>} rename
 * @property {(item: Item) => unknown} remove
 */

/** A conversation in the list. */
export class Item {
  root = el('li');
  /** @type {HTMLButtonElement | undefined} */
  #openButton;
  #texts;
  #language;
  #actions;

  /**
   * @param {Summary} summary
   * @param {HistoryTexts} texts
   * @param {Language} language
   * @param {Actions} actions
   */
  constructor(summary, texts, language, actions) {
    this.summary = summary;
    this.#texts = texts;
    this.#language = language;
    this.#actions = actions;
    this.#show();
  }

  /** Moves the focus to the conversation. */
  focus() {
    this.#openButton?.focus();
  }

  #show() {
    const { title, turns, updatedAt } = this.summary;
    const at = new Date(updatedAt);
    const day = el('time', { datetime: updatedAt, title: at.toLocaleString(this.#language) }, formatDay(at, this.#language));
    const count = this.#texts.questions.replace('{count}', turns.toLocaleString(this.#language));
    const name = el('span', { part: 'topic', dir: 'auto' }, title);
    const facts = el('span', { part: 'facts' }, day, ' · ', count);
    this.#openButton = el('button', { part: 'reopen', onclick: () => this.#actions.open(this) }, name, facts);
    const rename = this.#tool('rename', () => this.#rename());
    const remove = this.#tool('remove', () => this.#confirm());
    this.root.replaceChildren(this.#openButton, rename, remove);
  }

  /** Shows the conversation again, and the focus goes back to it. */
  #leave() {
    this.#show();
    this.focus();
  }

  /**
   * @param {'rename' | 'remove'} name
   * @param {() => void} onclick
   */
  #tool(name, onclick) {
    const button = el('button', { part: `tool ${name}`, onclick }, icon(ICONS[name]));
    nameButton(button, this.#texts[name].replace('{title}', this.summary.title));
    return button;
  }

  #confirm() {
    const { confirmRemove, confirm, keep } = this.#texts;
    const question = confirmRemove.replace('{title}', this.summary.title);
    const texts = { question, yes: confirm, no: keep };
    const { box, focus } = confirmAction(texts, () => this.#actions.remove(this), () => this.#leave());
    this.root.replaceChildren(box);
    focus();
  }

  #rename() {
    const { newTitle, save, cancel } = this.#texts;
    const input = el('input', { part: 'field', maxlength: MAX_TITLE, dir: 'auto', 'aria-label': newTitle });
    input.value = this.summary.title;
    const onsubmit = async (/** @type {Event} */ event) => {
      event.preventDefault();
      const title = input.value.trim();
      if (title && title !== this.summary.title) this.summary = await this.#actions.rename(this, title);
      this.#leave();
    };
    const onkeydown = (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== 'Escape' || event.isComposing) return;
      event.preventDefault();
      event.stopPropagation();
      this.#leave();
    };
    const saving = el('button', { part: 'pill' }, save);
    const leaving = el('button', { part: 'pill', type: 'button', onclick: () => this.#leave() }, cancel);
    const choices = el('div', { part: 'choices' }, saving, leaving);
    this.root.replaceChildren(el('form', { part: 'confirm', onsubmit, onkeydown }, input, choices));
    input.select();
  }
}
