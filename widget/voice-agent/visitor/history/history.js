import { el } from '../../dom.js';
import { saveFile } from '../../transcript/download.js';
import { confirmAction } from '../confirm.js';
import { goOnWith } from '../go-on.js';
import { isGone } from '../gone.js';
import { HistoryApi } from './history-api.js';
import { HistoryList } from './list.js';
import { loadHistoryTexts } from './load-texts.js';

/** @import { HistoryTexts } from '../../languages.js' */
/** @import { VisitorContext } from '../context.js' */
/** @import { Item } from './item.js' */

/**
 * Shows the conversations of a known visitor in the panel.
 *
 * @param {VisitorContext} context
 */
export async function showHistory(context) {
  await new HistorySheet(context, await loadHistoryTexts(context.host)).load();
}

/** The history: conversations to open, rename and delete, and what concerns all of them. */
class HistorySheet {
  #context;
  #texts;
  #sheet;
  #api;
  #list;
  #failure = el('div', { part: 'failure', role: 'alert' });
  #foot = el('div', { part: 'foot' });

  /**
   * @param {VisitorContext} context
   * @param {HistoryTexts} texts
   */
  constructor(context, texts) {
    this.#context = context;
    this.#texts = texts;
    this.#sheet = context.openSheet(context.texts().history);
    this.#api = new HistoryApi(context.api, this.#sheet.signal);
    this.#list = new HistoryList({
      api: this.#api,
      texts,
      language: context.host.language,
      actions: {
        open: (item) => this.#open(item),
        rename: (item, title) => this.#rename(item, title),
        remove: (item) => this.#remove(item),
      },
      attempt: (act) => this.#attempt(act),
    });
    this.#sheet.body.append(...this.#list.nodes, this.#failure, this.#foot);
    this.#showFoot();
  }

  /** Loads the list. */
  load() {
    return this.#list.load();
  }

  #showFoot() {
    const { exportAll, removeAll } = this.#texts;
    const remove = el('button', { part: 'pill danger', onclick: () => this.#confirmAll() }, removeAll);
    const save = el('button', { part: 'pill', onclick: () => this.#exportAll() }, exportAll);
    this.#foot.replaceChildren(save, remove);
    return remove;
  }

  #confirmAll() {
    const { confirmAll, removeAll, keep } = this.#texts;
    const texts = { question: confirmAll, yes: removeAll, no: keep };
    const { box, focus } = confirmAction(texts, () => this.#removeAll(), () => this.#showFoot().focus());
    this.#foot.replaceChildren(box);
    focus();
  }

  /** @param {Item} item */
  async #open({ summary }) {
    const { session, transcript } = this.#context;
    await this.#attempt(async () => {
      const id = session.newId();
      const { messages, turns, expiresAt } = await this.#api.goOn(summary.id, id);
      await goOnWith(this.#context, { id, turns, expires: expiresAt, owned: true }, messages);
      transcript.announce(summary.title);
      this.#sheet.leave();
    });
  }

  /**
   * @param {Item} item
   * @param {string} title
   */
  async #rename({ summary }, title) {
    let renamed = summary;
    await this.#attempt(async () => {
      renamed = await this.#api.rename(summary.id, title);
    });
    return renamed;
  }

  /** @param {Item} item */
  async #remove(item) {
    await this.#attempt(async () => {
      await this.#api.remove(item.summary.id);
      if (!this.#list.remove(item)) this.#sheet.focus();
      await this.#endIfRemoved(this.#texts.removed);
    });
  }

  async #removeAll() {
    await this.#attempt(async () => {
      await this.#api.remove();
      this.#list.clear();
      this.#foot.replaceChildren(el('p', {}, this.#texts.removedAll));
      this.#sheet.focus();
      await this.#endIfRemoved(this.#texts.removedAll);
    });
  }

  async #exportAll() {
    await this.#attempt(async () => {
      const day = new Date().toISOString().slice(0, 10);
      saveFile(await this.#api.exportAll(), `conversations-${day}.json`);
    });
  }

  /**
   * Ends the conversation in the panel if it was deleted.
   *
   * @param {string} news what screen readers are told
   */
  async #endIfRemoved(news) {
    const { api, session, transcript, panel } = this.#context;
    const { id, turns } = session.kept;
    const gone = id && turns && (await isGone(api, id));
    if (gone) panel.forget();
    transcript.announce(news);
  }

  /**
   * Does something, and says why if it fails.
   *
   * @param {() => Promise<unknown>} act
   */
  async #attempt(act) {
    this.#failure.replaceChildren();
    try {
      await act();
    } catch (error) {
      if (!this.#sheet.signal.aborted) this.#failure.textContent = await this.#reason(error);
    }
  }

  /** @param {any} error */
  async #reason(error) {
    const { conversation, transcript } = this.#context;
    /** @type {Record<string, string>} */
    const own = { conversation_not_found: this.#texts.goneConversation };
    return own[error.code] ?? transcript.texts[(await conversation.notices.explain(error)).name];
  }
}
