import { el } from '../../dom.js';
import { formatDuration } from '../../transcript/duration.js';
import { goOnWith } from '../go-on.js';
import { loadPairingTexts } from './load-texts.js';

/** @import { History } from '../../api/api.js' */
/** @import { PairingTexts } from '../../languages.js' */
/** @import { VisitorContext } from '../context.js' */

// With hyphens and spaces.
const MAX_LENGTH = 16;
const ANY_CODE = /\w.*\w/;

/**
 * Takes over the conversation of another device, after asking.
 *
 * @param {VisitorContext} context
 * @param {string} [code] if it is known; else the visitor types it
 */
export async function enterCode(context, code = '') {
  new CodeSheet(context, await loadPairingTexts(context.host), code).show();
}

/** A question, with a field for the code unless that is known. */
class CodeSheet {
  #context;
  #texts;
  #sheet;
  #field = el('input', { part: 'field code', id: 'code', dir: 'ltr', maxlength: MAX_LENGTH, autocomplete: 'off' });
  #failure = el('p', { part: 'failure', role: 'alert' });
  #sessionId;
  // Whether an attempt may have succeeded although nothing came back.
  #unsure = false;

  /**
   * @param {VisitorContext} context
   * @param {PairingTexts} texts
   * @param {string} code '' if the visitor types it
   */
  constructor(context, texts, code) {
    this.#context = context;
    this.#texts = texts;
    this.#field.value = code;
    this.#sessionId = context.session.newId();
    this.#sheet = context.openSheet(code ? texts.takeOver : context.texts().haveCode);
    Object.assign(this.#field, { autocapitalize: 'characters', spellcheck: false });
  }

  /** Shows the question. */
  show() {
    const { askTakeOver, replaces, takeOver, notNow } = this.#texts;
    const { transcript } = this.#context;
    const code = this.#field.value;
    const onsubmit = (/** @type {Event} */ event) => {
      event.preventDefault();
      this.#takeOver();
    };
    const go = el('button', { part: 'pill agree' }, takeOver);
    const leave = el('button', { part: 'pill', type: 'button', onclick: () => this.#sheet.leave() }, notNow);
    const form = el(
      'form',
      { part: 'confirm', onsubmit },
      ...(code ? [el('p', {}, askTakeOver)] : this.#labelledField()),
      ...(transcript.entries.length ? [el('p', {}, replaces)] : []),
      this.#failure,
      el('div', { part: 'choices' }, go, leave),
    );
    this.#sheet.body.replaceChildren(form);
    (code ? go : this.#field).focus();
  }

  #labelledField() {
    const { codeField, codeHint } = this.#texts;
    this.#field.setAttribute('aria-describedby', 'hint');
    return [
      el('label', { for: 'code' }, codeField),
      this.#field,
      el('p', { part: 'note', id: 'hint' }, codeHint),
    ];
  }

  async #takeOver() {
    const code = this.#field.value.trim();
    this.#failure.textContent = '';
    if (!ANY_CODE.test(code)) return this.#field.focus();
    try {
      const { messages, turn, expiresAt } = (await this.#alreadyTaken()) ?? (await this.#redeem(code));
      await goOnWith(this.#context, { id: this.#sessionId, turns: turn, expires: expiresAt }, messages);
      this.#sheet.leave();
    } catch (error) {
      await this.#fail(error);
    }
  }

  /**
   * The conversation, if an earlier attempt has taken it over.
   *
   * @returns {Promise<History | null>}
   */
  async #alreadyTaken() {
    if (!this.#unsure) return null;
    const headers = { 'X-Session-Token': this.#sessionId };
    return this.#context.api.request('/session', { headers }).catch(() => null);
  }

  /**
   * @param {string} code
   * @returns {Promise<History>}
   */
  #redeem(code) {
    const headers = { 'Content-Type': 'application/json' };
    const body = JSON.stringify({ code, sessionId: this.#sessionId });
    return this.#context.api.request('/pairings/redeem', { method: 'POST', headers, body });
  }

  /** @param {any} error */
  async #fail(error) {
    this.#unsure ||= !error.status || error.status >= 500;
    const { codeUnknown, tooManyCodes } = this.#texts;
    const { host, conversation, transcript } = this.#context;
    const wait = formatDuration(error.retryAfter ?? 0, host.language);
    if (error.code === 'code_unknown') this.#failure.textContent = codeUnknown;
    else if (error.status === 429) this.#failure.textContent = tooManyCodes.replace('{time}', wait);
    else this.#failure.textContent = transcript.texts[(await conversation.notices.explain(error)).name];
    this.#field.select();
  }
}
