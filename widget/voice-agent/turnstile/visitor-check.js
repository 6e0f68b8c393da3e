import { Challenge } from './challenge.js';

/** @import { Api, Config, Send } from '../api/api.js' */
/** @import { Conversation } from '../conversation/conversation.js' */
/** @import { Session } from '../session.js' */
/** @import { Place } from './challenge.js' */

/** @typedef {{ api: Api, session: Session, conversation: Conversation, config: () => Config } & Place} Context */

const FORBIDDEN = 403;
// Turnstile's tokens are valid for 300 seconds.
const TOKEN_MS = 290_000;

/**
 * Has the visitor checked before anything is sent that costs money.
 *
 * @param {Context} context
 */
export function checkVisitors(context) {
  const check = new VisitorCheck(context);
  context.api.checked ??= (send, init, stop) => check.send(send, init, stop);
}

/**
 * Shows the server that the visitor was checked: with a token of Turnstile's first, then with the ticket that the
 * server gave for it (docs/http.md).
 */
class VisitorCheck {
  #context;
  /** @type {{ token: Promise<string>, until: number } | undefined} */
  #check;

  /** @param {Context} context */
  constructor(context) {
    this.#context = context;
  }

  /**
   * Sends a request with what shows that the visitor was checked. If the server does not accept it, the visitor is
   * checked again, once.
   *
   * @param {Send} send
   * @param {RequestInit} init
   * @param {AbortSignal} stop
   */
  async send(send, init, stop) {
    const response = await this.#attempt(send, init, stop);
    if (!(await isNotVerified(response))) return response;
    this.#forget();
    return this.#attempt(send, init, stop);
  }

  /**
   * @param {Send} send
   * @param {RequestInit} init
   * @param {AbortSignal} stop
   */
  async #attempt(send, init, stop) {
    this.#context.session.start();
    const { id = '' } = this.#context.session;
    const proof = await this.#proof(stop);
    const response = await send({ ...init, headers: { 'X-Session-Token': id, ...init.headers, ...proof } });
    const visitor = response.headers.get('X-Visitor-Token');
    if (visitor) {
      // A token is valid for one session.
      this.#check = undefined;
      if (id === this.#context.session.id) this.#context.session.update({ visitor });
    }
    return response;
  }

  /**
   * @param {AbortSignal} stop
   * @returns {Promise<Record<string, string>>}
   */
  async #proof(stop) {
    const { visitor } = this.#context.session.kept;
    return visitor ? { 'X-Visitor-Token': visitor } : { 'X-Turnstile-Token': await this.#token(stop) };
  }

  /**
   * The token of the last check while it is valid, else of a new one.
   *
   * @param {AbortSignal} stop rejects with its reason
   * @returns {Promise<string>}
   */
  #token(stop) {
    if (!this.#check || this.#check.until < Date.now()) this.#check = this.#begin();
    const { token } = this.#check;
    return new Promise((resolve, reject) => {
      stop.addEventListener('abort', () => reject(stop.reason), { once: true });
      token.then(resolve, reject);
    });
  }

  #begin() {
    const token = this.#solve();
    const check = { token, until: Infinity };
    token.then(
      () => (check.until = Date.now() + TOKEN_MS),
      () => (check.until = 0),
    );
    return check;
  }

  async #solve() {
    await this.#context.conversation.notices.load();
    return new Challenge(this.#context).solve(this.#context.config().turnstileSiteKey ?? '');
  }

  #forget() {
    this.#check = undefined;
    this.#context.session.update({ visitor: undefined });
  }
}

/** @param {Response} response */
async function isNotVerified(response) {
  if (response.status !== FORBIDDEN) return false;
  const body = await response.clone().json().catch(() => null);
  return body?.code === 'visitor_not_verified';
}
