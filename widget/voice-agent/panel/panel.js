import { Api } from '../api/api.js';
import { Activity } from '../conversation/activity.js';
import { Conversation } from '../conversation/conversation.js';
import { Stopwatch } from '../conversation/stopwatch.js';
import { adopt } from '../dom.js';
import { emit } from '../events.js';
import { STYLE as TRANSCRIPT_STYLE } from '../transcript/style.js';
import { Transcript } from '../transcript/transcript.js';
import { TurnView } from '../transcript/turn-view.js';
import { attachVisitor } from '../visitor/attach.js';
import { offerVoice } from '../voice/offer.js';
import { Composer } from './composer.js';
import { Dialog } from './dialog.js';
import { containEvents, useKey } from './keyboard.js';
import { buildLayout } from './layout.js';
import { leave, openMenu } from './on-demand.js';
import { STYLE } from './style.js';
import { panelTexts, suggestQuestions } from './texts.js';
import { Watch } from './watch.js';

/** @import { Config } from '../api/api.js' */
/** @import { Connection, Opening } from '../api/connection.js' */
/** @import { Spoken } from '../conversation/types.js' */
/** @import { Left } from '../conversation/endings.js' */
/** @import { VoiceAgentElement } from '../element.js' */
/** @import { CloseReason, EmitEvent } from '../events.js' */
/** @import { Texts } from '../languages.js' */
/** @import { Launcher } from '../launcher/launcher.js' */
/** @import { MenuEntry } from './menu.js' */
/** @import { Session } from '../session.js' */
/** @import { Visitor } from '../visitor/visitor.js' */

// The reasons of closing that visitors may not have meant.
const BY_VISITORS = /user|escape/;

export { Session } from '../session.js';

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
  #watch;
  /** @type {Promise<void> | undefined} */ #ready;
  /** @type {Promise<void> | undefined} */ #voice;
  /** @type {Left | undefined} the conversation that was closed last */
  #left;
  /** @type {Visitor | undefined} */
  #visitor;
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
    this.#watch = new Watch(this.#parts, this);
    adopt(shadow, STYLE + TRANSCRIPT_STYLE);
    launcher.root.append(this.#layout.panel, this.#layout.live);
    const keys = { layout: this.#layout, submit: () => this.#composer.submit(), escape: () => this.#escape() };
    containEvents(launcher, (event) => useKey(event, keys));
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
    this.refresh();
    if (this.#launcher.expanded) return this.#ready;
    this.#dialog.show();
    this.#launcher.badge = null;
    this.#ready ??= this.#prepare(opening);
    this.#watch.start();
    emit(this.#host, 'open', null);
    return this.#ready;
  }

  /** Hides the panel and keeps the conversation. */
  minimize() {
    this.#dialog.hide();
    if (!this.#empty) this.#launcher.badge = '';
    else this.#watch.stop();
    emit(this.#host, 'minimize', null);
  }

  /** Rests while the element is in no page; another one may continue the conversation. */
  detach() {
    this.#left?.end();
    this.minimize();
    this.#watch.stop();
  }

  /** Goes on in a page. */
  attach() {
    if (this.#launcher.expanded || !this.#empty) this.#watch.start();
  }

  /**
   * Ends the conversation and hides the panel.
   *
   * @param {CloseReason} reason
   */
  close(reason) {
    this.#dialog.hide();
    this.#watch.stop();
    this.#left?.end();
    if (this.#empty || !BY_VISITORS.test(reason)) this.clear();
    else this.#left = leave(this.#parts, this.#conversation, () => this.open());
    this.#launcher.badge = null;
    if (reason === 'countdown') this.#conversation.notices.note('closed');
    emit(this.#host, 'close', { reason });
  }

  /** Ends the conversation and begins another. */
  clear() {
    this.forget();
    if (this.#launcher.expanded) this.#dialog.focus();
  }

  /** Ends the conversation, or leaves it to the history. */
  forget() {
    this.#left?.end();
    this.#conversation.end();
    this.refresh();
  }

  /**
   * Asks a question; resolves when the turn is over.
   *
   * @param {string} question
   * @param {Spoken} [spoken]
   */
  async ask(question, spoken) {
    await this.#ready;
    // Only the agent's settings say whether the visitor has to agree first. Without them, nothing is asked.
    if (!this.#voice) await this.reload();
    if (!this.#voice) this.#layout.input.value ||= question;
    else if ((await this.#visitor?.permits()) ?? true) {
      this.#left?.end();
      await this.#conversation.ask(question, spoken);
    }
  }

  /**
   * Shows everything with the texts of the moment.
   *
   * @param {Texts} [defaults] those of another language
   */
  translate(defaults = this.#defaults) {
    this.#defaults = defaults;
    this.#transcript.texts = panelTexts(defaults, this.#host, this.#config);
    for (const label of this.#layout.labels) label(this.#transcript.texts);
    this.refresh();
    suggestQuestions(this.#layout.suggestions, this.#host, this.#config, (question) => {
      this.#dialog.focus();
      this.ask(question);
    });
  }

  /** @param {Opening} [opening] the requests for what is shown at first, if they were sent already */
  async #prepare(opening) {
    try {
      const [unanswered] = await Promise.all([
        this.#conversation.restore(opening?.history),
        this.#configure(opening?.config),
      ]);
      if (unanswered) this.#conversation.resume(unanswered, this.#visitor?.permits());
    } catch (error) {
      await this.#conversation.report(/** @type {any} */ (error), new TurnView(this.#transcript), () => this.reload());
    }
    this.refresh();
  }

  /** @param {Promise<Response>} [started] the request, if it was sent already */
  async #configure(started) {
    this.#config = await this.#parts.api.config(started);
    const parts = { ...this.#parts, conversation: this.#conversation, dialog: this.#dialog, panel: this };
    if (this.#config.logo) import('./logo.js').then(({ showLogo }) => showLogo(parts)).catch(() => {});
    if (this.#config.turnstileSiteKey) (await import('../turnstile/visitor-check.js')).checkVisitors(parts);
    this.#visitor ??= await attachVisitor(parts);
    await (this.#voice ??= offerVoice(parts));
    this.translate();
  }

  /** Shows what the agent says and has kept, as at first. */
  reload() {
    this.#transcript.clear();
    this.#dialog.focus();
    return (this.#ready = this.#prepare());
  }

  get #empty() {
    return !this.#transcript.entries.length;
  }

  #escape() {
    if (this.#activity.busy) this.#conversation.stop();
    else this.close('escape');
  }

  /** @type {EmitEvent} */
  #emit = (name, detail) => {
    this.refresh();
    emit(this.#host, name, detail);
  };

  /** Shows the buttons that are of use at the moment. */
  refresh() {
    this.#composer.refresh();
    this.#layout.suggestions.hidden = !this.#empty;
  }
}
