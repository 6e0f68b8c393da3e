import { adopt } from '../dom.js';
import { hasOnScreenKeyboard } from '../panel/screen.js';
import { loadVisitorTexts } from './load-texts.js';
import { showNotice } from './notice.js';
import { Sheet, closeSheet } from './sheet.js';
import { STYLE } from './style.js';

/** @import { VisitorTexts } from '../languages.js' */
/** @import { Consent } from './consent.js' */
/** @import { PanelParts, VisitorContext } from './context.js' */
/** @import { Identity } from './identity/identity.js' */

/**
 * What the panel offers beyond a conversation, as far as the agent's settings provide for it: the history of a known
 * visitor, other devices, consent, and a notice that says what is kept.
 */
export class Visitor {
  /** @type {VisitorContext} */
  #context;
  #texts;
  /** @type {Consent | undefined} */
  #consent;
  /** @type {Identity | undefined} */
  #identity;

  /**
   * @param {PanelParts} parts
   * @param {VisitorTexts} texts
   */
  constructor(parts, texts) {
    this.#texts = texts;
    this.#context = {
      ...parts,
      texts: () => this.#texts,
      openSheet: (title) => new Sheet(parts, title, this.#texts.back),
      known: () => !!parts.config().accounts && !!this.#identity?.known,
    };
    adopt(parts.shadow, STYLE);
    parts.labels.push(() => this.#translate());
    this.#addEntries();
    this.#followPage();
  }

  /**
   * Loads what there is to show.
   *
   * @param {PanelParts} parts
   */
  static async attach(parts) {
    const visitor = new Visitor(parts, await loadVisitorTexts(parts.host));
    await visitor.recognize();
    if (parts.config().consent === 'ask') await visitor.#ask();
    return visitor;
  }

  /** Finds out who the visitor is, if the page has said so. */
  async recognize() {
    const { connection, config } = this.#context;
    const identity = await connection.identity?.();
    if (!identity) return;
    if (!config().accounts) identity.ignore();
    await identity.token();
    if (!this.#identity) this.#followIdentity(identity);
    this.#identity = identity;
  }

  /** Whether questions may be sent; resolves when the visitor has decided. */
  async permits() {
    return (await this.#consent?.agreed()) ?? true;
  }

  /**
   * Asks whether to continue the conversation of another device here.
   *
   * @param {string} [code] from the page's address; else the visitor types it
   */
  async enterCode(code) {
    if (!(await this.permits())) return;
    await this.#load(async () => (await import('./pairing/enter.js')).enterCode(this.#context, code));
  }

  async #ask() {
    const { Consent } = await import('./consent.js');
    this.#consent = new Consent(this.#context);
    this.#consent.show();
  }

  #addEntries() {
    const { menu, config, session, known } = this.#context;
    const { pairing } = config();
    /** @param {Exclude<keyof VisitorTexts, symbol>} name */
    const text = (name) => () => this.#texts[name];
    const history = async () => (await import('./history/history.js')).showHistory(this.#context);
    const offer = async () => (await import('./pairing/offer.js')).offerCode(this.#context);
    const last = menu.findIndex(({ name }) => name === 'hide');
    menu.splice(
      last,
      0,
      { name: 'history', text: text('history'), act: () => this.#load(history), hidden: () => !known() },
      {
        name: 'pairing',
        text: text(hasOnScreenKeyboard() ? 'pairingHere' : 'pairing'),
        act: () => this.#load(offer),
        hidden: () => !pairing || !session.kept.turns || known(),
      },
      { name: 'haveCode', text: text('haveCode'), act: () => this.enterCode(), hidden: () => !pairing },
      { name: 'withdraw', text: text('withdraw'), act: () => this.#consent?.withdraw(), hidden: () => !this.#consent?.given },
    );
  }

  #followPage() {
    const { host, layout, session, panel } = this.#context;
    host.addEventListener('identify', async () => {
      await this.recognize();
      panel.translate();
    });
    host.addEventListener('code', (event) => this.enterCode(/** @type {CustomEvent} */ (event).detail));
    for (const type of ['minimize', 'close']) host.addEventListener(`voice-agent:${type}`, () => closeSheet(layout.panel));
    host.addEventListener('voice-agent:message', () => {
      session.update({ owned: this.#context.known() });
      showNotice(this.#context);
    });
  }

  /** @param {Identity} identity */
  #followIdentity(identity) {
    const { launcher, layout, panel } = this.#context;
    identity.addEventListener('leave', () => {
      closeSheet(layout.panel);
      launcher.badge = null;
    });
    identity.addEventListener('change', () => panel.translate());
  }

  async #translate() {
    const { host } = this.#context;
    const { language } = host;
    const texts = await loadVisitorTexts(host).catch(() => this.#texts);
    if (language !== host.language) return;
    this.#texts = texts;
    showNotice(this.#context);
    this.#consent?.show();
  }

  /**
   * Shows something that has to be loaded; says so if it could not be.
   *
   * @param {() => Promise<unknown>} show
   */
  async #load(show) {
    const { layout, transcript } = this.#context;
    try {
      await show();
    } catch {
      layout.failure.textContent = transcript.texts.unreachable;
    }
  }
}
