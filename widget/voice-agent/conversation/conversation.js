import { TurnView } from '../transcript/turn-view.js';
import { Endings } from './endings.js';
import { Notices } from './notices.js';

/** @import { Answer } from '../api/api.js' */
/** @import { ApiError } from '../api/errors.js' */
/** @import { TextName } from '../languages.js' */
/** @import { Unanswered } from '../session.js' */
/** @import { Observer, Parts, Spoken, Turn } from './types.js' */

/** The conversation: one turn after the other. */
export class Conversation {
  /** Says what goes wrong. */
  notices;
  #parts;
  #endings;
  /** @type {Observer} */
  #observer = {};
  /** @type {AbortController | undefined} */
  #stop;
  /** @type {Promise<void> | null} */
  #running = null;

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
    this.notices = new Notices(parts);
    this.#endings = new Endings(parts.connection, parts.session);
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
   * Shows what the server kept of the session; resolves with the question that is not answered yet.
   *
   * @param {Promise<Response | undefined>} [started] the request, if it was sent already
   */
  async restore(started) {
    this.#stop?.abort('end');
    this.#parts.activity.enter('idle');
    if (this.#parts.session.kept.turns === undefined) return;
    return (await import('./restore.js')).restore(this.#parts, this.notices, started);
  }

  /**
   * Asks again what was not answered before the page was left, unless that is settled once the visitor has agreed.
   *
   * @param {Unanswered} unanswered
   * @param {Promise<boolean>} [permitted]
   */
  async resume(unanswered, permitted) {
    if ((await permitted) === false || this.#running) return;
    if (this.#parts.session.kept.unanswered?.id !== unanswered.id) return;
    this.#run({ ...unanswered, view: new TurnView(this.#parts.transcript, unanswered.question) });
  }

  /**
   * Asks a question, after the turns before it; resolves when the turn is over, however it ended.
   *
   * @param {string} question
   * @param {Spoken} [spoken]
   */
  async ask(question, spoken = {}) {
    const session = this.#parts.session;
    session.start();
    const { id } = session;
    while (this.#running) await this.#running;
    if (session.id !== id) return;
    session.update({ turns: session.kept.turns ?? 0 });
    const view = new TurnView(this.#parts.transcript, question);
    this.#parts.emit('message', { role: 'user', content: question });
    await this.#run({ question, id: session.newId(), view, amends: spoken.amends }, spoken);
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
    this.#endings.leave().end();
    this.#parts.transcript.clear();
    this.#parts.activity.enter('idle');
  }

  /** Leaves the conversation with what came of it, and returns what takes it up again, and what ends it. */
  leave() {
    this.#observer.onEnd?.();
    this.cancel();
    return this.#endings.leave();
  }

  /** Resolves when no turn is running. */
  async settled() {
    await this.#running;
  }

  /**
   * Shows a failure and tells the page.
   *
   * @param {ApiError} error
   * @param {TurnView} view
   * @param {() => void} retry
   */
  async report(error, view, retry) {
    const { name, final } = await this.notices.explain(error);
    view.failed(name, final ? undefined : retry);
    this.#parts.activity.enter('error');
    this.#tell(error, name, false);
  }

  /**
   * @param {Turn} turn
   * @param {Spoken} [spoken]
   */
  #run(turn, spoken = {}) {
    this.#parts.stopwatch.start(spoken);
    this.#stop = new AbortController();
    this.#running = this.#settle(turn, this.#stop.signal).finally(() => {
      this.#running = null;
      this.#parts.stopwatch.settle();
      this.#parts.activity.refresh();
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
      await this.#answered(turn, await this.#persist(turn, signal));
    } catch (reason) {
      const error = /** @type {ApiError} */ (reason);
      const { reason: stopped } = signal;
      if (stopped === 'end') return;
      // Without a response, the page may be about to be left; the next one asks again.
      if (stopped || error.status) this.#parts.session.update({ unanswered: undefined });
      if (!stopped) return this.report(error, turn.view, () => this.#running || this.#run(turn));
      turn.view.stopped();
    }
    this.#parts.activity.enter('idle');
  }

  /**
   * Sends a question until it is answered, or until trying again is up to the visitor.
   *
   * @param {Turn} turn
   * @param {AbortSignal} signal
   */
  async #persist(turn, signal) {
    for (let attempt = 1; ; attempt += 1) {
      this.#parts.activity.enter('thinking');
      try {
        await turn.wait?.(turn.view, signal);
        return await this.#attempt(turn, signal);
      } catch (reason) {
        signal.throwIfAborted();
        const error = /** @type {ApiError} */ (reason);
        if (/session_closed|of_another/.test(error.code) && attempt === 1) {
          const { renew } = await import('./restore.js');
          await renew(this.#parts.session, this.notices, turn.view.item);
          continue;
        }
        const { again, name, wait } = await this.notices.explain(error, attempt);
        turn.wait = wait;
        if (!again) throw error;
        signal.throwIfAborted();
        if (name !== 'offline') this.#tell(error, name, true);
      }
    }
  }

  /**
   * Sends a question once. The server answers a turn once, however often its id is sent.
   *
   * @param {Turn} turn
   * @param {AbortSignal} signal
   */
  #attempt({ question, id, view, amends }, signal) {
    this.#parts.session.update({ unanswered: { question, id, amends } });
    const { id: sessionId = '', turns, last: lastTurnId } = this.#parts.session.kept;
    const asked = { question, sessionId, turnId: id, turns, lastTurnId, ...amends };
    const answer = this.#parts.api.ask(asked, signal, (piece) => {
      this.#parts.stopwatch.mark('firstText');
      this.#parts.activity.enter('answering');
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
  async #answered({ id, view }, answer) {
    const { response, turn, expiresAt: expires } = answer;
    this.#parts.session.update({ turns: turn, last: id, unanswered: undefined, expires });
    await view.complete(response);
    view.suggest(answer.suggestions ?? [], (question) => this.ask(question));
    const note = await this.notices.comment(answer, { item: view.item });
    if (note) this.#observer.onCutOff?.(note);
    this.#parts.emit('message', { role: 'assistant', content: response, turn });
  }

  /**
   * @param {ApiError} error
   * @param {TextName} name of what the visitor reads
   * @param {boolean} retrying
   */
  #tell({ code, status, retryAfter }, name, retrying) {
    this.#parts.emit('error', { code, status, retryAfter, retrying, message: this.#parts.transcript.texts[name] });
  }
}
