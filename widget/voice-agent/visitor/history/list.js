import { el } from '../../dom.js';
import { Item } from './item.js';

/** @import { HistoryTexts, Language } from '../../languages.js' */
/** @import { HistoryApi, Page } from './history-api.js' */
/** @import { Actions } from './item.js' */

// After the last key, so that a word is searched for once.
const SEARCH_AFTER_MS = 300;

/**
 * @typedef {object} ListParts
 * @property {HistoryApi} api
 * @property {HistoryTexts} texts
 * @property {Language} language
 * @property {Actions} actions
 * @property {(act: () => Promise<unknown>) => Promise<void>} attempt shows what goes wrong
 */

/** The list of conversations, a page at a time, with a field to search in them. */
export class HistoryList {
  #parts;
  /** @type {Item[]} */
  #items = [];
  /** @type {string | null} where the next page begins */
  #next = null;
  /** Only the response to the last search counts. */
  #searches = 0;
  #search = el('input', { part: 'field', type: 'search', enterkeyhint: 'search', dir: 'auto', maxlength: 200 });
  #status = el('p', { part: 'note', role: 'status' });
  #list = el('ol', { part: 'past', role: 'list' });
  #more = el('button', { part: 'pill', hidden: '' });
  /** What the sheet shows. */
  nodes = [this.#search, this.#status, this.#list, this.#more];

  /** @param {ListParts} parts */
  constructor(parts) {
    this.#parts = parts;
    const { search, showMore } = parts.texts;
    this.#search.ariaLabel = this.#search.placeholder = search;
    this.#more.textContent = showMore;
    this.#more.addEventListener('click', () => this.#loadMore());
    this.#list.addEventListener('keydown', (event) => this.#moveFocus(event));
    this.#search.hidden = true;
    this.#searchWhenTyped();
  }

  /** Loads the beginning of the list. */
  async load() {
    await this.#load(null, () => {
      this.#items = [];
      this.#list.replaceChildren();
    });
  }

  /**
   * Removes a conversation; the focus goes to the next one.
   *
   * @param {Item} item
   * @returns {boolean} whether there is another one to go to
   */
  remove(item) {
    const index = this.#items.indexOf(item);
    this.#items.splice(index, 1);
    item.root.remove();
    const next = this.#items[index] ?? this.#items[index - 1];
    next?.focus();
    return !!next;
  }

  /** Removes everything. */
  clear() {
    this.#items = [];
    for (const node of this.nodes) node.hidden = true;
  }

  async #loadMore() {
    const first = this.#items.length;
    await this.#load(this.#next, () => {});
    this.#items[first]?.focus();
  }

  /**
   * @param {string | null} cursor
   * @param {() => void} prepare is called before the page is added
   */
  async #load(cursor, prepare) {
    const { api, attempt } = this.#parts;
    const search = (this.#searches += 1);
    const text = this.#search.value.trim();
    await attempt(async () => {
      const page = await api.list(text, cursor);
      if (search !== this.#searches) return;
      prepare();
      this.#add(page, text);
    });
  }

  /**
   * @param {Page} page
   * @param {string} text what was searched for
   */
  #add({ conversations, next }, text) {
    const { texts, language, actions } = this.#parts;
    const items = conversations.map((summary) => new Item(summary, texts, language, actions));
    this.#items.push(...items);
    this.#list.append(...items.map(({ root }) => root));
    this.#next = next;
    this.#more.hidden = !next;
    const count = this.#items.length;
    this.#search.hidden = !count && !text;
    const nothing = text ? texts.noMatch : texts.noHistory;
    this.#status.textContent = count ? texts.listed.replace('{count}', count.toLocaleString(language)) : nothing;
    this.#status.classList.toggle('sr', !!count);
  }

  #searchWhenTyped() {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    this.#search.addEventListener('input', () => {
      clearTimeout(timer);
      timer = setTimeout(() => this.load(), SEARCH_AFTER_MS);
    });
  }

  /**
   * Moves from one conversation to the next with the arrow keys.
   *
   * @param {KeyboardEvent} event
   */
  #moveFocus(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const at = this.#items.findIndex(({ root }) => root.contains(target));
    /** @type {Record<string, number>} */
    const places = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: this.#items.length - 1 };
    const item = this.#items[places[event.key]];
    if (!item || target.localName === 'input') return;
    event.preventDefault();
    item.focus();
  }
}
