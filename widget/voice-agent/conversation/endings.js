import { secondsToWait } from '../api/errors.js';
import { pause } from './pause.js';

/** @import { Connection } from '../api/connection.js' */
/** @import { Kept, Session } from '../session.js' */

/** @typedef {ReturnType<Endings['leave']>} Left a session that can be resumed, or ended on the server */

const TOO_MANY_REQUESTS = 429;
// Without `Retry-After`, twice as long each time.
const FIRST_WAIT_MS = 2000;
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
    for (const [id, expires] of Object.entries(session.ended)) this.#send(id, expires);
  }

  /** Leaves the session, to be resumed or ended. It ends at the latest when the page is left. */
  leave() {
    const session = this.#session;
    const { kept } = session;
    session.forget();
    const over = new AbortController();
    const { signal } = over;
    const end = () => {
      if (!signal.aborted) this.#end(kept);
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

  /**
   * Ends a session on the server. From now on, its id is known only here.
   *
   * @param {Partial<Kept>} left
   */
  #end({ id, expires: known }) {
    if (!id) return;
    const expires = Date.parse(known ?? '') || Date.now() + UNKNOWN_LIFETIME_MS;
    this.#session.ended = { ...this.#session.ended, [id]: expires };
    this.#send(id, expires);
  }

  /**
   * @param {string} id
   * @param {number} expires
   */
  async #send(id, expires) {
    for (let wait = FIRST_WAIT_MS; Date.now() < expires; wait *= 2) {
      const request = this.#connection.sendSession(id, { method: 'DELETE', keepalive: true });
      const response = await request.catch(() => null);
      // Any other response is final: the session has ended, or never existed.
      if (response && response.status < 500 && response.status !== TOO_MANY_REQUESTS) break;
      await pause(secondsToWait(response?.headers.get('Retry-After')) * 1000 || wait);
    }
    const { [id]: _, ...others } = this.#session.ended;
    this.#session.ended = others;
  }
}
