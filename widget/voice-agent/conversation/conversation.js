import { ApiError } from '../api/errors.js';
import { TurnView } from '../transcript/turn-view.js';
import { retriesByItself, secondsUntilRetry, waitForRetry } from './retry.js';

/** @import { Answer, Api } from '../api/api.js' */
/** @import { EmitEvent } from '../events.js' */
/** @import { Session } from '../session.js' */
/** @import { Transcript } from '../transcript/transcript.js' */
/** @import { Activity } from './activity.js' */
/** @import { Stopwatch } from './stopwatch.js' */

/**
 * @typedef {object} Parts what a conversation works with
 * @property {Api} api
 * @property {Session} session
 * @property {Transcript} transcript
 * @property {Activity} activity
 * @property {Stopwatch} stopwatch
 * @property {EmitEvent} emit
 *
 * @typedef {object} Observer follows the conversation, as a voice does
 * @property {(piece: string) => void} [onText] a piece of an answer has arrived
 * @property {() => void} [onStop] the visitor wants everything to stop
 * @property {() => void} [onEnd] the conversation ends
 *
 * @typedef {{ since: number, transcript?: number | null }} Spoken when a question was finished, and written down
 *
 * @typedef {object} Turn
 * @property {string} question
 * @property {string} id
 * @property {TurnView} view
 * @property {number} due when it may be sent, in milliseconds since 1970
 * @property {ApiError} [error] why it waits
 */

/** The conversation: one turn after the other. */
export class Conversation {
  #api;
  #session;
  #transcript;
  #activity;
  #stopwatch;
  #emit;
  /** @type {Observer} */
  #observer = {};
  /** @type {AbortController | undefined} */
  #stop;
  /** @type {Promise<void> | null} */
  #running = null;

  /** @param {Parts} parts */
  constructor({ api, session, transcript, activity, stopwatch, emit }) {
    this.#api = api;
    this.#session = session;
    this.#transcript = transcript;
    this.#activity = activity;
    this.#stopwatch = stopwatch;
    this.#emit = emit;
  }

  /** Whether a turn is being answered. */
  get running() {
    return !!this.#running;
  }

  /**
   * Lets one observer follow the conversation.
   *
   * @param {Observer} observer
   */
  observe(observer) {
    this.#observer = observer;
  }

  /**
   * Shows what the server kept of the session; if it has expired, begins another.
   *
   * @param {Promise<Response | undefined>} [started] the request, if it was sent already
   */
  async restore(started) {
    const session = this.#session;
    if (!session.id || session.turns === undefined) return;
    const stored = await this.#api.history(session.id, /** @type {Promise<Response> | undefined} */ (started));
    for (const { role, content, timestamp } of stored?.messages ?? []) {
      this.#transcript.add(role, content, new Date(timestamp));
    }
    if (stored) session.turns = stored.turn;
    else if (session.turns) this.#renew();
  }

  /**
   * Asks a question, after the turns before it; resolves when the turn is over, however it ended.
   *
   * @param {string} question
   * @param {Spoken} [spoken]
   */
  async ask(question, spoken = { since: performance.now() }) {
    const session = this.#session;
    session.start();
    const { id } = session;
    while (this.#running) await this.#running;
    if (session.id !== id) return;
    session.turns ??= 0;
    const view = new TurnView(this.#transcript, question);
    this.#emit('message', { role: 'user', content: question });
    await this.#run({ question, id: session.newTurnId(), view, due: 0 }, spoken);
  }

  /** Stops the turn, and what the observer does. */
  stop() {
    this.#observer.onStop?.();
    this.cancel();
  }

  /** Stops the turn. */
  cancel() {
    this.#stop?.abort('stop');
  }

  /** Ends the conversation, here and on the server. */
  end() {
    this.#observer.onEnd?.();
    this.#stop?.abort('end');
    const { id } = this.#session;
    this.#session.forget();
    if (id) this.#api.end(id);
    this.#transcript.clear();
    this.#activity.enter('idle');
  }

  /**
   * Shows a failure and tells the page.
   *
   * @param {ApiError} error
   * @param {TurnView} view
   * @param {() => void} retry
   */
  report(error, view, retry) {
    view.failed(error.text, retry);
    this.#activity.enter('error');
    this.#tell(error, false);
  }

  /**
   * @param {Turn} turn
   * @param {Spoken} [spoken]
   */
  #run(turn, spoken = { since: performance.now() }) {
    this.#stopwatch.start(spoken.since, spoken.transcript);
    this.#stop = new AbortController();
    this.#running = this.#settle(turn, this.#stop.signal).finally(() => {
      this.#running = null;
      this.#stopwatch.settle();
      this.#activity.refresh();
    });
    return this.#running;
  }

  /**
   * Brings a turn to its end: answered, failed, stopped or forgotten.
   *
   * @param {Turn} turn
   * @param {AbortSignal} signal
   */
  async #settle(turn, signal) {
    try {
      this.#answered(turn, await this.#persist(turn, signal));
    } catch (error) {
      if (!signal.aborted) {
        this.report(/** @type {ApiError} */ (error), turn.view, () => this.#running || this.#run(turn));
        return;
      }
      if (signal.reason === 'end') return;
      turn.view.stopped();
    }
    this.#activity.enter('idle');
  }

  /**
   * Sends a question until it is answered, or until trying again is up to the visitor.
   *
   * @param {Turn} turn
   * @param {AbortSignal} signal
   */
  async #persist(turn, signal) {
    for (let attempt = 1; ; attempt += 1) {
      this.#activity.enter('thinking');
      try {
        await waitForRetry(turn.due, turn.error, turn.view, signal);
        return await this.#attempt(turn, signal);
      } catch (reason) {
        signal.throwIfAborted();
        const error = /** @type {ApiError} */ (reason);
        if (error.code === 'session_closed' && attempt === 1) {
          this.#renew(turn.view.item);
          continue;
        }
        turn.error = error;
        turn.due = Date.now() + secondsUntilRetry(error, attempt) * 1000;
        if (!retriesByItself(error, attempt) && error.code !== 'offline') throw error;
        this.#tell(error, true);
      }
    }
  }

  /**
   * Sends a question once. The server answers a turn once, however often its id is sent.
   *
   * @param {Turn} turn
   * @param {AbortSignal} signal
   */
  #attempt({ question, id: turnId, view }, signal) {
    const { id: sessionId = '', turns } = this.#session;
    const answer = this.#api.ask({ question, sessionId, turnId, turns }, signal, (piece) => {
      this.#stopwatch.mark('firstText');
      this.#activity.enter('answering');
      this.#observer.onText?.(piece);
      view.append(piece);
    });
    view.thinking();
    return answer;
  }

  /**
   * @param {Turn} turn
   * @param {Answer} answer
   */
  #answered({ view }, { response, turn, saved, context }) {
    if (context === 'lost') this.#transcript.note('expired', view.item);
    if (context === 'stale') this.#transcript.note('stale', view.item);
    this.#session.turns = turn;
    view.complete(response);
    if (!saved) this.#transcript.note('unsaved');
    this.#emit('message', { role: 'assistant', content: response, turn });
  }

  /**
   * Goes on in a new session, and says so.
   *
   * @param {Node | null} [item] the note is put before it
   */
  #renew(item) {
    this.#session.forget();
    this.#session.start();
    this.#session.turns = 0;
    this.#transcript.note('expired', item);
  }

  /**
   * @param {ApiError} error
   * @param {boolean} retrying
   */
  #tell({ code, status, retryAfter, text }, retrying) {
    this.#emit('error', { code, status, retryAfter, retrying, message: this.#transcript.texts[text] });
  }
}
