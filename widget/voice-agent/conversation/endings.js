/** @import { Connection } from '../api/connection.js' */
/** @import { Kept, Session } from '../session.js' */

/** @typedef {ReturnType<Endings['leave']>} Left a session that can be resumed, or ended on the server */

// A session whose expiry is not known is given up on after so long.
const UNKNOWN_LIFETIME_MS = 3_600_000;

/** Ends sessions on the server. An attempt that fails is repeated, on later pages too, until the session expires. */
export class Endings {
  #connection;
  #session;

  /**
   * Goes on with what earlier pages of this tab did not achieve.
   *
   * @param {Connection} connection
   * @param {Session} session
   */
  constructor(connection, session) {
    this.#connection = connection;
    this.#session = session;
    for (const id of Object.keys(session.ended)) this.#send(id);
  }

  /**
   * Leaves the session, to be resumed or ended. It ends at the latest when the page is left, unless its visitor has a
   * history, which keeps it.
   */
  leave() {
    const session = this.#session;
    const { kept } = session;
    session.forget();
    const over = new AbortController();
    const { signal } = over;
    const end = () => {
      if (kept.id && !kept.owned && !signal.aborted) {
        const expires = Date.parse(kept.expires ?? '') || Date.now() + UNKNOWN_LIFETIME_MS;
        session.ended = { ...session.ended, [kept.id]: expires };
        this.#send(kept.id);
      }
      over.abort();
    };
    const resume = () => {
      over.abort();
      session.forget();
      // A question that was not answered was stopped.
      session.start(/** @type {Kept} */ ({ ...kept, unanswered: undefined }));
    };
    addEventListener('pagehide', end, { signal });
    return { signal, end, resume };
  }

  /** @param {string} id */
  #send(id) {
    const send = () => this.#connection.sendSession(id, { method: 'DELETE', keepalive: true }).catch(() => null);
    const first = send();
    const load = () => import('./ending.js').then(({ follow }) => follow(first, send, id, this.#session));
    const start = () => load().catch(() => addEventListener('online', start, { once: true }));
    start();
  }
}
