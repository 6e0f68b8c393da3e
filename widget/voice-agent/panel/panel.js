import { Api } from '../api/api.js';
import { Activity } from '../conversation/activity.js';
import { Conversation } from '../conversation/conversation.js';
import { Stopwatch } from '../conversation/stopwatch.js';
import { adopt } from '../dom.js';
import { emit } from '../events.js';
import { Transcript } from '../transcript/transcript.js';
import { TurnView } from '../transcript/turn-view.js';
import { offerVoice } from '../voice/buttons.js';
import { Composer } from './composer.js';
import { Dialog } from './dialog.js';
import { IdleTimer } from './idle.js';
import { containEvents, pressedKey } from './keyboard.js';
import { buildLayout } from './layout.js';
import { leave, openMenu } from './on-demand.js';
import { adaptToScreen } from './screen.js';
import { STYLE } from './style.js';
import { panelTexts, suggestQuestions } from './texts.js';

/** @import { Config } from '../api/api.js' */
/** @import { Connection, Opening } from '../api/connection.js' */
/** @import { Left } from '../conversation/endings.js' */
/** @import { VoiceAgentElement } from '../element.js' */
/** @import { CloseReason, EmitEvent } from '../events.js' */
/** @import { Texts } from '../languages.js' */
/** @import { Launcher } from '../launcher/launcher.js' */
/** @import { MenuEntry } from './menu.js' */
/** @import { Session } from '../session.js' */

// The reasons of closing that visitors may not have meant.
const BY_VISITORS = /user|escape/;

/** What the button opens: joins the dialog and its parts with the conversation. */
export class Panel {
  #host;
  #launcher;
  #defaults;
  /** @type {Config} */
  #config = {};
  #layout = buildLayout({
    more: () => openMenu(this.#parts),
    close: () => this.close('user'),
    send: () => this.#composer.submit(),
    stop: () => this.#conversation.stop(),
  });
  #transcript = new Transcript(this.#layout.list, this.#layout.log, this.#layout.live);
  #activity = new Activity((state) => this.#emit('state', { state }));
  #dialog;
  #composer;
  #conversation;
  #idle;
  /** @type {AbortController | undefined} */
  #shown;
  /** @type {Promise<void> | undefined} */
  #ready;
  /** @type {Promise<void> | undefined} */
  #voice;
  /** @type {Left | undefined} the conversation that was closed last */
  #left;
  #parts;

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
    this.#defaults = defaults;
    const shadow = /** @type {ShadowRoot} */ (launcher.root.getRootNode());
    this.#parts = {
      host,
      shadow,
      launcher,
      session,
      connection,
      api: new Api(connection),
      labels: this.#layout.labels,
      layout: this.#layout,
      menu: /** @type {MenuEntry[]} */ ([]),
      transcript: this.#transcript,
      activity: this.#activity,
      stopwatch: new Stopwatch((metrics) => this.#emit('metrics', metrics)),
      emit: this.#emit,
      config: () => this.#config,
    };
    this.#conversation = new Conversation(this.#parts);
    this.#dialog = new Dialog(this.#parts);
    this.#composer = new Composer(this.#parts, (question) => this.ask(question));
    this.#idle = new IdleTimer(this.#parts, () => this.close('countdown'));
    adopt(shadow, STYLE);
    launcher.root.append(this.#layout.panel, this.#layout.live);
    containEvents(launcher, (event) => this.#useKey(event));
    launcher.button.ariaControlsElements = [this.#layout.panel];
    this.translate();
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
    this.#refresh();
    if (this.#launcher.expanded) return this.#ready;
    this.#dialog.show();
    this.#launcher.badge = null;
    this.#ready ??= this.#prepare(opening);
    this.#parts.session.start();
    this.#watch();
    emit(this.#host, 'open', null);
    return this.#ready;
  }

  /** Hides the panel and keeps the conversation. */
  minimize() {
    this.#dialog.hide();
    if (!this.#empty) this.#launcher.badge = '';
    else this.#unwatch();
    emit(this.#host, 'minimize', null);
  }

  /** Rests while the element is in no page; another one may continue the conversation. */
  detach() {
    this.#left?.end();
    this.minimize();
    this.#unwatch();
  }

  /** Goes on in a page. */
  attach() {
    if (this.#launcher.expanded || !this.#empty) this.#watch();
  }

  /**
   * Ends the conversation and hides the panel.
   *
   * @param {CloseReason} reason
   */
  close(reason) {
    this.#dialog.hide();
    this.#unwatch();
    this.#left?.end();
    if (this.#empty || !BY_VISITORS.test(reason)) this.clear();
    else this.#left = leave(this.#parts, this.#conversation, () => this.open());
    this.#launcher.badge = null;
    if (reason === 'countdown') this.#conversation.notices.note('closed');
    emit(this.#host, 'close', { reason });
  }

  /** Ends the conversation and begins another. */
  clear() {
    this.#left?.end();
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
    this.#left?.end();
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
    for (const label of this.#layout.labels) label(this.#transcript.texts);
    suggestQuestions(this.#layout.suggestions, host, this.#config, (question) => {
      this.#dialog.focus();
      this.ask(question);
    });
  }

  /** @param {Opening} [opening] the requests for what is shown at first, if they were sent already */
  async #prepare(opening) {
    try {
      const [config, unanswered] = await Promise.all([
        this.#parts.api.config(opening?.config),
        this.#conversation.restore(opening?.history),
      ]);
      this.#config = config;
      this.#layout.demo.hidden = !config.demo;
      const context = { ...this.#parts, conversation: this.#conversation };
      if (config.turnstileSiteKey) (await import('../turnstile/visitor-check.js')).checkVisitors(context);
      await (this.#voice ??= offerVoice(context));
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
    const { signal } = (this.#shown = new AbortController());
    adaptToScreen(this.#layout.panel, signal, () => this.minimize());
    addEventListener('pageshow', ({ persisted }) => persisted && this.#reload(), { signal });
    this.#idle.start();
  }

  #unwatch() {
    this.#shown?.abort();
    this.#idle.stop();
  }

  get #empty() {
    return !this.#transcript.entries.length;
  }

  #useKey(/** @type {KeyboardEvent} */ event) {
    const [key, typed] = [pressedKey(event), event.target === this.#layout.input];
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
    this.#composer.refresh();
    this.#layout.suggestions.hidden = !this.#empty;
  }
}
