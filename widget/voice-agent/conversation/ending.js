import { secondsToWait } from '../api/errors.js';
import { pause } from './pause.js';

/** @import { Session } from '../session.js' */

const TOO_MANY_REQUESTS = 429;
// Without `Retry-After`, twice as long each time, from the first to the last of these.
const FIRST_WAIT_MS = 2000;
const LAST_WAIT_MS = 300_000;

/**
 * Follows the request that ends a session, and repeats it if it fails, until the session expires.
 *
 * @param {Promise<Response | null>} first the request, which was sent already; null if there was no response
 * @param {() => Promise<Response | null>} send sends it again
 * @param {string} id
 * @param {Session} session that of this tab, which knows what has to be ended
 */
export async function follow(first, send, id, session) {
  const expires = session.ended[id];
  let response = await first;
  for (let wait = FIRST_WAIT_MS; mayExist(response) && Date.now() < expires; wait = Math.min(2 * wait, LAST_WAIT_MS)) {
    await pause(secondsToWait(response?.headers.get('Retry-After')) * 1000 || wait);
    response = await send();
  }
  const { [id]: _, ...others } = session.ended;
  session.ended = others;
}

/**
 * Any other response is final: the session has ended, or never existed.
 *
 * @param {Response | null} response
 */
function mayExist(response) {
  return !response || response.status >= 500 || response.status === TOO_MANY_REQUESTS;
}
