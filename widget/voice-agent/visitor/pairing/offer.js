import { el } from '../../dom.js';
import { hasOnScreenKeyboard } from '../../panel/screen.js';
import { formatDuration } from '../../transcript/duration.js';
import { loadPairingTexts } from './load-texts.js';
import { qrCode } from './qr.js';
import { watchForTakeOver } from './take-over.js';

/** @import { PairingTexts } from '../../languages.js' */
/** @import { VisitorContext } from '../context.js' */

/** @typedef {{ code: string, qr: string }} Code with which another device takes over; `qr` is an SVG */

// How long the agent accepts a code (docs/http.md). Its time cannot be compared with that of this device.
const LIFETIME_MS = 300_000;
// Screen readers are told once more when so many seconds are left.
const LAST_CALL = 30;

/**
 * Shows a code with which another device can take over the conversation.
 *
 * @param {VisitorContext} context
 */
export async function offerCode(context) {
  await new OfferSheet(context, await loadPairingTexts(context.host)).load();
}

/** The code, as long as it is valid. */
class OfferSheet {
  #context;
  #texts;
  #sheet;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /**
   * @param {VisitorContext} context
   * @param {PairingTexts} texts
   */
  constructor(context, texts) {
    this.#context = context;
    this.#texts = texts;
    const { pairing, pairingHere } = context.texts();
    this.#sheet = context.openSheet(hasOnScreenKeyboard() ? pairingHere : pairing);
    this.#sheet.signal.addEventListener('abort', () => clearInterval(this.#timer));
  }

  /** Obtains a code and shows it; says why if there is none. */
  async load() {
    const { api, session } = this.#context;
    const { origin, pathname } = location;
    const request = {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Session-Token': session.id ?? '' },
      body: JSON.stringify({ page: origin + pathname }),
    };
    try {
      this.#show(await api.request('/pairings', request, undefined, this.#sheet.signal));
    } catch (error) {
      if (!this.#sheet.signal.aborted) await this.#fail(error);
    }
  }

  /** @param {Code} code */
  #show({ code, qr }) {
    const { scan, qr: name, yourCode } = this.#texts;
    const left = el('p', { part: 'note' });
    const spelled = el('output', { part: 'code', 'aria-label': yourCode, dir: 'ltr' }, code);
    this.#sheet.body.replaceChildren(el('p', {}, scan), qrCode(qr, name), spelled, left);
    const expires = Date.now() + LIFETIME_MS;
    watchForTakeOver(this.#context, this.#texts.moved, expires);
    this.#count(expires, left);
  }

  /**
   * Shows how long the code is valid, and that it no longer is.
   *
   * @param {number} expires in milliseconds since 1970
   * @param {HTMLElement} line
   */
  #count(expires, line) {
    const { validFor } = this.#texts;
    const { host, transcript } = this.#context;
    const tick = () => {
      const seconds = Math.ceil((expires - Date.now()) / 1000);
      if (seconds <= 0) return this.#expire();
      line.textContent = validFor.replace('{time}', formatDuration(seconds, host.language));
      if (seconds === LAST_CALL) transcript.announce(line.textContent);
    };
    clearInterval(this.#timer);
    this.#timer = setInterval(tick, 1000);
    tick();
  }

  #expire() {
    clearInterval(this.#timer);
    this.#offerAnother(this.#texts.codeExpired, this.#texts.newCode);
  }

  /** @param {any} error */
  async #fail(error) {
    const { conversation, transcript } = this.#context;
    const { name } = await conversation.notices.explain(error);
    this.#offerAnother(transcript.texts[name], transcript.texts.retry);
  }

  /**
   * @param {string} reason why there is no code
   * @param {string} name of the button that obtains one
   */
  #offerAnother(reason, name) {
    const focused = this.#sheet.hasFocus;
    const button = el('button', { part: 'pill', onclick: () => this.load() }, name);
    this.#sheet.body.replaceChildren(el('p', { role: 'alert' }, reason), button);
    if (focused) button.focus();
  }
}
