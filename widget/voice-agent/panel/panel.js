import { Api } from '../api/api.js';
import { Activity } from '../conversation/activity.js';
import { Conversation } from '../conversation/conversation.js';
import { Stopwatch } from '../conversation/stopwatch.js';
import { adopt, el } from '../dom.js';
import { emit } from '../events.js';
import { Transcript } from '../transcript/transcript.js';
import { TurnView } from '../transcript/turn-view.js';
import { offerVoice } from '../voice/buttons.js';
import { Composer } from './composer.js';
import { Countdown } from './countdown.js';
import { Dialog } from './dialog.js';
import { containEvents, pressedKey } from './keyboard.js';
import { buildLayout } from './layout.js';
import { adaptToScreen } from './screen.js';
import { STYLE } from './style.js';
import { panelTexts, suggestedQuestions } from './texts.js';

/** @import { Config } from '../api/api.js' */
/** @import { Connection, Opening } from '../api/connection.js' */
/** @import { VoiceAgentElement } from '../element.js' */
/** @import { CloseReason, EmitEvent } from '../events.js' */
/** @import { Texts } from '../languages.js' */
/** @import { Launcher } from '../launcher/launcher.js' */
/** @import { Labels } from './layout.js' */
/** @import { Session } from '../session.js' */

/** What the button opens: joins the dialog and its parts with the conversation. */
export class Panel {
  #host;
  #launcher;
  #session;
  #defaults;
  /** @type {Config} */
  #config = {};
  /** @type {Labels} */
  #labels = [];
  #layout = buildLayout(this.#labels, {
    restart: () => this.clear(),
    download: async () => (await import('../transcript/download.js')).downloadConversation(this.#transcript),
    hide: () => this.minimize(),
    close: () => this.close('user'),
    send: () => this.#composer.submit(),
    stop: () => this.#conversation.stop(),
  });
  #transcript = new Transcript(this.#layout.list, this.#layout.log, this.#layout.live);
  #activity = new Activity((state) => this.#emit('state', { state }));
  #api;
  #dialog;
  #composer;
  #conversation;
  #countdown;
  #context;
  /** @type {AbortController | undefined} */
  #shown;
  /** @type {Promise<void> | undefined} */
  #ready;
  /** @type {Promise<void> | undefined} */
  #voiceOffered;

  /**
   * @param {VoiceAgentElement} host
   * @param {Launcher} launcher
   * @param {Connection} connection
   * @param {Session} session
   * @param {Texts} defaults the texts of the language
   */
  constructor(host, launcher, connection, session, defaults) {
    this.#host = host;
    this.#launcher = launcher;
    this.#session = session;
    this.#defaults = defaults;
    this.#api = new Api(connection);
    const shadow = /** @type {ShadowRoot} */ (launcher.root.getRootNode());
    const parts = {
      host,
      shadow,
      launcher,
      session,
      connection,
      api: this.#api,
      labels: this.#labels,
      layout: this.#layout,
      transcript: this.#transcript,
      activity: this.#activity,
      stopwatch: new Stopwatch((metrics) => this.#emit('metrics', metrics)),
      emit: this.#emit,
      config: () => this.#config,
    };
    this.#conversation = new Conversation(parts);
    this.#dialog = new Dialog(parts);
    this.#composer = new Composer(parts, (question) => this.ask(question));
    this.#countdown = new Countdown(parts, () => this.close('countdown'));
    this.#context = { ...parts, conversation: this.#conversation };
    adopt(shadow, STYLE);
    launcher.root.append(this.#layout.panel, this.#layout.live);
    containEvents(launcher, (event) => this.#useKey(event));
    launcher.button.setAttribute('aria-controls', 'panel');
    this.translate();
    this.#refresh();
  }

  /** What the agent is doing. */
  get state() {
    return this.#activity.state;
  }

  /**
   * Shows the panel; resolves when it shows what was said so far.
   *
   * @param {Opening} [opening] requests that were sent already
   */
  open(opening) {
    if (this.#launcher.expanded) return this.#ready;
    this.#dialog.show();
    this.#launcher.badge = null;
    this.#ready ??= this.#prepare(opening);
    this.#session.start();
    this.#watch();
    emit(this.#host, 'open', null);
    return this.#ready;
  }

  /** Hides the panel and keeps the conversation. */
  minimize() {
    this.#dialog.hide();
    if (this.#transcript.entries.length) this.#launcher.badge = '';
    else this.#unwatch();
    emit(this.#host, 'minimize', null);
  }

  /** Rests while the element is in no page; another one may continue the conversation. */
  detach() {
    this.minimize();
    this.#unwatch();
  }

  /** Goes on in a page. */
  attach() {
    if (this.#launcher.expanded || this.#transcript.entries.length) this.#watch();
  }

  /**
   * Ends the conversation and hides the panel.
   *
   * @param {CloseReason} reason
   */
  close(reason) {
    this.#dialog.hide();
    this.#unwatch();
    this.clear();
    this.#launcher.badge = null;
    if (reason === 'countdown') this.#conversation.notices.note('closed');
    emit(this.#host, 'close', { reason });
  }

  /** Ends the conversation and begins another. */
  clear() {
    this.#conversation.end();
    this.#refresh();
    if (this.#launcher.expanded) this.#dialog.focus();
  }

  /**
   * Asks a question; resolves when the turn is over.
   *
   * @param {string} question
   */
  async ask(question) {
    await this.#ready;
    await this.#conversation.ask(question);
  }

  /**
   * Shows everything with the texts of the moment.
   *
   * @param {Texts} [defaults] those of another language
   */
  translate(defaults = this.#defaults) {
    this.#defaults = defaults;
    const host = this.#host;
    this.#transcript.texts = panelTexts(defaults, host, this.#config);
    for (const label of this.#labels) label(this.#transcript.texts);
    const pills = suggestedQuestions(host, this.#config).map((question) => {
      const onclick = () => {
        this.#dialog.focus();
        this.ask(question);
      };
      return el('button', { part: 'pill', onclick }, question);
    });
    this.#layout.suggestions.replaceChildren(...pills);
  }

  /** @param {Opening} [opening] the requests for what is shown at first, if they were sent already */
  async #prepare(opening) {
    try {
      const [config, unanswered] = await Promise.all([
        this.#api.config(opening?.config),
        this.#conversation.restore(opening?.history),
      ]);
      this.#config = config;
      this.#layout.demo.hidden = !config.demo;
      if (config.turnstileSiteKey) (await import('../turnstile/visitor-check.js')).checkVisitors(this.#context);
      await (this.#voiceOffered ??= offerVoice(this.#context));
      this.translate();
      if (unanswered) this.#conversation.resume(unanswered);
    } catch (error) {
      await this.#conversation.report(/** @type {any} */ (error), new TurnView(this.#transcript), () => this.#reload());
    }
    this.#refresh();
  }

  #reload() {
    this.#transcript.clear();
    this.#dialog.focus();
    this.#ready = this.#prepare();
  }

  /** Follows the page while a conversation is shown, or waits behind the button. */
  #watch() {
    this.#shown?.abort();
    if (!this.#host.isConnected) return;
    this.#shown = new AbortController();
    const { signal } = this.#shown;
    adaptToScreen(this.#layout.panel, signal);
    addEventListener('pageshow', ({ persisted }) => persisted && this.#reload(), { signal });
    this.#countdown.start();
  }

  #unwatch() {
    this.#shown?.abort();
    this.#countdown.stop();
  }

  #useKey(/** @type {KeyboardEvent} */ event) {
    const key = pressedKey(event);
    const typed = event.target === this.#layout.input;
    if (typed && key === 'Enter') this.#composer.submit();
    else if (key === 'Escape') this.#activity.busy ? this.#conversation.stop() : this.close('escape');
    else if (typed && event.defaultPrevented && key?.length === 1) document.execCommand('insertText', false, key);
    else return false;
    return true;
  }

  /** @type {EmitEvent} */
  #emit = (name, detail) => {
    this.#refresh();
    emit(this.#host, name, detail);
  };

  /** Shows the buttons that are of use at the moment. */
  #refresh() {
    const { suggestions, restart, download } = this.#layout;
    const empty = this.#transcript.entries.length === 0;
    this.#composer.refresh();
    suggestions.hidden = !empty;
    restart.hidden = download.hidden = empty;
  }
}
