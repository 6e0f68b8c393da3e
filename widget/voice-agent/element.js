import { Connection } from './api/connection.js';
import { adopt } from './dom.js';
import { LAUNCHER_TEXTS, chooseLanguage, loadTexts } from './languages.js';
import { Launcher } from './launcher/launcher.js';
import { STYLE } from './launcher/style.js';
import { ENDED, KEPT, read } from './tab-storage.js';

/** @import { Opening } from './api/connection.js' */
/** @import { State } from './events.js' */
/** @import { OwnTexts } from './languages.js' */
/** @import { Panel } from './panel/panel.js' */
/** @import { Session } from './session.js' */
/** @import { TokenSource } from './visitor/identity/identity.js' */

const API_PATH = '/api/voice-agent';

/**
 * `<voice-agent>`: the floating button, and the widget's attributes, methods and properties. What the button
 * opens is loaded when a visitor is about to use it. docs/widget.md is the reference.
 */
export class VoiceAgentElement extends HTMLElement {
  static observedAttributes = ['identity-token', 'language', 'launcher-label', 'placement'];

  /** Whether this page ever had several elements. */
  static #crowded = false;

  #launcher = new Launcher({ onPress: () => this.toggle(), onNear: () => navigator.onLine && this.#load() });
  /** @type {OwnTexts} */
  #texts = {};
  /** @type {Connection | undefined} */
  #connection;
  /** @type {Promise<Session> | undefined} */
  #session;
  /** @type {string | null} the attribute `identity-token`, as the page has said it last */
  #token = null;
  /** @type {Opening | undefined} */
  #opening;
  /** @type {Panel | undefined} */
  #panel;
  /** @type {Promise<Panel | null> | undefined} */
  #loading;

  /**
   * Defines the element, unless the page has a definition.
   *
   * @param {string} [tag]
   * @param {CustomElementRegistry} [registry]
   */
  static define(tag = 'voice-agent', registry = customElements) {
    if (!registry.get(tag)) registry.define(tag, this);
  }

  constructor() {
    super();
    const shadow = this.attachShadow({ mode: 'open' });
    adopt(shadow, STYLE);
    shadow.append(this.#launcher.root);
  }

  /** Called by the browser. */
  connectedCallback() {
    this.#readToken();
    this.#place();
    this.#translate();
    this.#panel?.attach();
    if (this.#hasConversation) this.#markConversation();
    // The panel ends what an earlier page could not.
    if (read(ENDED + this.apiUrl)) this.#load();
    // The page was opened to go on with the conversation of another device.
    if (/^#voice-agent=/.test(location.hash)) import('./visitor/page.js').then(({ arrive }) => arrive(this));
  }

  /** Called by the browser. */
  disconnectedCallback() {
    this.#place();
    this.#panel?.detach();
  }

  /** Called by the browser. */
  attributeChangedCallback() {
    this.#readToken();
    this.#place();
    this.#translate();
  }

  /** The address of the API: of `api-url`, else of the server that the script came from. */
  get apiUrl() {
    const given = this.getAttribute('api-url');
    const { origin, pathname } = new URL(given ?? '/', given ? document.baseURI : import.meta.url);
    return origin + pathname.replace(/\/+$/, '').replace(API_PATH, '') + API_PATH;
  }

  /** The language of the texts: of `language`, else of the page, else of the visitor. */
  get language() {
    const page = /** @type {HTMLElement | null} */ (this.closest('[lang]'));
    return chooseLanguage([this.getAttribute('language'), page?.lang, ...navigator.languages]);
  }

  // React sets a property of an attribute's name rather than the attribute.
  set language(language) {
    this.setAttribute('language', language ?? '');
  }

  /** Texts of the page's own, by name. */
  get texts() {
    return this.#texts;
  }

  set texts(texts) {
    this.#texts = texts;
    this.#translate();
  }

  /** @returns {State} what the agent is doing */
  get state() {
    return this.#panel?.state ?? 'idle';
  }

  /** Whether the panel is shown. */
  get isOpen() {
    return this.#launcher.expanded;
  }

  /** Shows the panel; resolves when it shows what was said so far. */
  async open() {
    this.#opening ??= this.#connect().startOpening(this.#isKept && navigator.onLine ? this.#resumed() : undefined);
    this.#launcher.button.ariaBusy = 'true';
    const panel = await this.#load(this.#opening.config);
    this.#launcher.button.ariaBusy = null;
    if (!panel) this.#opening = undefined;
    this.#launcher.problem = panel ? '' : LAUNCHER_TEXTS[this.language].notLoaded;
    await panel?.open(this.#opening);
  }

  /** Ends the conversation, here and on the server, and hides the panel. */
  async close() {
    if (this.#hasConversation) (await this.#load())?.close('method');
  }

  /** Hides the panel and keeps the conversation. */
  minimize() {
    this.#panel?.minimize();
  }

  /** Opens or minimizes, as the floating button does. */
  async toggle() {
    await (this.isOpen ? this.minimize() : this.open());
  }

  /** Opens the panel and presses its button for talking; of use only in a gesture of the visitor. */
  async talk() {
    await this.open();
    /** @type {HTMLElement | null} */ (this.#launcher.root.querySelector('.talk'))?.click();
  }

  /**
   * Opens the panel and asks; resolves when the turn is over, however it ended.
   *
   * @param {string} text
   */
  async sendMessage(text) {
    await this.open();
    await this.#panel?.ask(text);
  }

  /** Ends the conversation and begins another; the panel stays as it is. */
  async clear() {
    if (this.#hasConversation) (await this.#load())?.clear();
  }

  /**
   * Says who the visitor is: an identity token that the website has signed, or a function that obtains one, and is
   * called again when the token has expired. Null signs out.
   *
   * @param {TokenSource} source
   */
  async identify(source) {
    const connection = this.#connect();
    const said = { source, host: this, session: () => this.#resumed(), forget: () => this.#panel?.forget() };
    connection.identity = async () => (await import('./visitor/page.js')).recognize(connection, said);
    await connection.identity();
  }

  #readToken() {
    const token = this.getAttribute('identity-token');
    if (this.isConnected && token !== this.#token) this.identify((this.#token = token));
  }

  /** Keeps the buttons of several elements apart. */
  async #place() {
    const tag = this.localName;
    if ((VoiceAgentElement.#crowded ||= !!document.querySelectorAll(tag)[1])) (await import('./launcher/place.js')).placeBeside(tag);
  }

  get #hasConversation() {
    return !!this.#panel || this.#isKept;
  }

  /** Whether this tab has a conversation with the agent. */
  get #isKept() {
    return !!read(KEPT + this.apiUrl);
  }

  /** Shows that a conversation waits; its visitor is likely to open it, so everything is loaded already. */
  async #markConversation() {
    const loading = this.#resumed();
    await Promise.all([loadTexts(this.language), import('./conversation/restore.js')]).catch(() => {});
    const { kept } = await loading;
    this.#launcher.badge = kept.turns || kept.unanswered ? '' : null;
  }

  /** The connection to the agent; its address and its time limit are read once. */
  #connect() {
    this.#connection ??= new Connection(this.apiUrl, Number(this.getAttribute('timeout')));
    return this.#connection;
  }

  /** The session of this tab, which comes with the panel. */
  #resumed() {
    this.#session ??= import('./panel/panel.js').then(({ Session }) => Session.resume(this.apiUrl));
    this.#session.catch(() => (this.#session = undefined));
    return this.#session;
  }

  /**
   * Loads the panel and its texts; null if that failed.
   *
   * @param {Promise<unknown>} [reached] resolves when the agent has answered
   */
  #load(reached) {
    if (this.#panel) return this.#panel;
    this.#loading ??= this.#loadPanel(reached).finally(() => (this.#loading = undefined));
    return this.#loading;
  }

  /** @param {Promise<unknown>} [reached] */
  async #loadPanel(reached) {
    try {
      // Browsers may not repeat an import that failed, and may be wrong about being offline.
      if (!navigator.onLine) await reached;
      const [{ Panel }, session, texts] = await Promise.all([
        import('./panel/panel.js'),
        this.#resumed(),
        loadTexts(this.language),
      ]);
      return (this.#panel ??= new Panel(this, this.#launcher, this.#connect(), session, texts));
    } catch {
      return null;
    }
  }

  async #translate() {
    const { language } = this;
    this.#launcher.translate(this.getAttribute('launcher-label') ?? LAUNCHER_TEXTS[language].label, language);
    if (!this.#panel) return;
    // If the texts of another language cannot be loaded, those of the last one stay.
    const texts = await loadTexts(language).catch(() => null);
    if (texts && language === this.language) this.#panel.translate(texts);
  }
}
