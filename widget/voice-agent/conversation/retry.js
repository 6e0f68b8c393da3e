/** @import { ApiError } from '../api/errors.js' */
/** @import { TurnView } from '../transcript/turn-view.js' */

const MAX_ATTEMPTS = 4;
const CONFLICT = 409;
// The statuses by which a server says that it did not answer.
const REFUSED = [429, 503];
// Browsers can be wrong about being offline, so a question does not wait for the `online` event alone.
const OFFLINE_RETRY_MS = 15_000;

/**
 * Whether a question is sent again without the visitor's help: only if the server said that it has not
 * answered it, or is still at it.
 *
 * @param {ApiError} error
 * @param {number} attempt the number of the attempt that failed, from 1
 */
export function retriesByItself({ status }, attempt) {
  return status === CONFLICT || (attempt < MAX_ATTEMPTS && REFUSED.includes(status));
}

/**
 * Seconds to wait before the next attempt: what the server asked for, else longer each time.
 *
 * @param {ApiError} error
 * @param {number} attempt
 */
export function secondsUntilRetry(error, attempt) {
  const backoff = retriesByItself(error, attempt) ? 2 ** attempt * (0.5 + Math.random()) : 0;
  return error.retryAfter ?? backoff;
}

/**
 * Waits until a time, or after a failure offline for the connection, and shows for how long.
 *
 * @param {number} due in milliseconds since 1970
 * @param {ApiError | undefined} error why the question waits
 * @param {TurnView} view
 * @param {AbortSignal} signal rejects with its reason
 */
export async function waitForRetry(due, error, view, signal) {
  const left = () => Math.ceil((due - Date.now()) / 1000);
  for (const total = left(); error && left() > 0; ) {
    view.waiting(error.text, left(), total);
    await abortable(signal, (done) => setTimeout(done, 1000));
  }
  if (error?.code !== 'offline' || navigator.onLine) return;
  view.waiting('offline');
  await abortable(signal, (done) => {
    addEventListener('online', done, { once: true, signal });
    setTimeout(done, OFFLINE_RETRY_MS);
  });
}

/**
 * A promise that resolves when `start` calls back, or rejects when the signal is aborted.
 *
 * @param {AbortSignal} signal
 * @param {(done: () => void) => void} start
 * @returns {Promise<void>}
 */
function abortable(signal, start) {
  return new Promise((resolve, reject) => {
    start(resolve);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
