import { el, icon, nameButton } from '../dom.js';
import { AnswerText } from './answer-text.js';

/** @import { Language, NoticeTexts, Texts } from '../languages.js' */

/** @typedef {Texts & NoticeTexts & { language: Language }} PanelTexts the texts as they are shown, rare ones when loaded */
/** @typedef {'user' | 'assistant'} Role */
/** @typedef {{ role: Role, content: string, at: Date, cutOff?: boolean }} Entry a message that is shown */

const COPY = 'M8 8h11v12H8zM5 16V4h10';
const CHECK = 'M5 12.5l4.5 4.5L19 7.5';
// Within this distance from the end, in pixels, the log follows new messages.
const NEAR_END = 48;

/** The messages of the conversation, and the live region that screen readers follow. */
export class Transcript {
  /** @type {Entry[]} */
  entries = [];
  /** @type {PanelTexts} */
  texts = /** @type {any} */ ({});
  #list;
  #log;
  #live;

  /**
   * @param {HTMLElement} list holds an item for each message and note
   * @param {HTMLElement} log scrolls
   * @param {HTMLElement} live the live region
   */
  constructor(list, log, live) {
    this.#list = list;
    this.#log = log;
    this.#live = live;
  }

  /** Removes everything, and returns what brings it back. */
  clear() {
    const { entries } = this;
    const items = [...this.#list.childNodes];
    this.entries = [];
    this.#list.replaceChildren();
    this.#live.replaceChildren();
    return () => {
      this.entries = entries;
      this.#list.replaceChildren(...items);
    };
  }

  /**
   * Has screen readers say a text.
   *
   * @param {string} text
   */
  announce(text) {
    this.#live.append(el('p', {}, text));
  }

  /**
   * Shows a whole message.
   *
   * @param {Role} role
   * @param {string} content
   * @param {Date} [at]
   */
  add(role, content, at) {
    const bubble = this.bubble(role);
    if (role === 'user') bubble.textContent = content;
    else new AnswerText(this, bubble).show(content, true);
    this.complete(bubble, role, content, at);
  }

  /**
   * Shows and announces a note, at the end or before an item.
   *
   * @param {keyof (Texts & NoticeTexts)} name
   * @param {Node | null} [before]
   */
  note(name, before) {
    this.append('note', before, this.texts[name]);
    this.announce(this.texts[name]);
  }

  /** Prepares for a new turn: offers to try again or to go on are withdrawn, and announcements are over. */
  beginTurn() {
    for (const offer of this.#list.querySelectorAll('.pill, .suggestions')) offer.remove();
    this.#live.replaceChildren();
  }

  /** The last item, which notes of a turn are put before. */
  get lastItem() {
    return this.#list.lastChild;
  }

  /**
   * Adds an empty bubble for a message.
   *
   * @param {Role} role
   */
  bubble(role) {
    const bubble = el('div', { part: 'bubble', dir: 'auto' });
    const speaker = el('span', { part: 'sr' }, `${this.texts[role === 'user' ? 'you' : 'name']}: `);
    this.append(`message ${role}`, null, speaker, bubble);
    return bubble;
  }

  /**
   * Keeps a message whose bubble shows all of it.
   *
   * @param {HTMLElement} bubble
   * @param {Role} role
   * @param {string} content
   * @param {Date} [at]
   */
  complete(bubble, role, content, at = new Date()) {
    this.entries.push({ role, content, at });
    if (role === 'user' || !navigator.clipboard) return;
    this.keepEndInView(() => bubble.after(this.#copyButton(content)));
  }

  /**
   * Adds an item, at the end or before another one.
   *
   * @param {string} part
   * @param {Node | null | undefined} before
   * @param {...(Node | string)} children
   */
  append(part, before, ...children) {
    const item = el('li', { part }, ...children);
    this.keepEndInView(() => this.#list.insertBefore(item, before ?? null), part === 'message user');
    return item;
  }

  /**
   * Makes a change, and scrolls to the end unless the visitor is reading further up.
   *
   * @param {() => void} change
   * @param {boolean} [always] scroll in any case
   */
  keepEndInView(change, always = false) {
    const log = this.#log;
    const { scrollTop, scrollHeight, clientHeight } = log;
    change();
    if (always || scrollHeight - scrollTop - clientHeight < NEAR_END) log.scrollTop = log.scrollHeight;
  }

  /** @param {string} content */
  #copyButton(content) {
    const { copy, copied } = this.texts;
    const onclick = async () => {
      await navigator.clipboard.writeText(content);
      button.replaceChildren(icon(CHECK));
      this.announce(copied);
    };
    const button = el('button', { part: 'tool copy', onclick }, icon(COPY));
    nameButton(button, copy);
    return button;
  }
}
