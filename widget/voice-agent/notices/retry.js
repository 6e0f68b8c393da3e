import { formatDuration } from '../transcript/duration.js';

/** @import { ApiError } from '../api/errors.js' */
/** @import { PanelTexts } from '../transcript/transcript.js' */
/** @import { TurnView } from '../transcript/turn-view.js' */

const MAX_ATTEMPTS = 4;
const CONFLICT = 409;
// The statuses by which a server says that it did not answer.
const REFUSED = [429, 503];

/**
 * Whether a question is sent again without the visitor's help: only if the server said that it has not
 * answered it, or is still at it.
 *
 * @param {ApiError} error
 * @param {number} attempt the number of the attempt that failed, from 1
 */
export function retriesByItself({ status, code }, attempt) {
  if (/^turn_(id_reused|replaced)$|^session_too_new$/.test(code)) return false;
  return status === CONFLICT || (attempt < MAX_ATTEMPTS && REFUSED.includes(status));
}

/**
 * When the next attempt may be made: when the server says, else after a delay that grows.
 *
 * @param {ApiError} error
 * @param {number} attempt
 * @returns {number} in milliseconds since 1970
 */
export function retryTime(error, attempt) {
  const backoff = retriesByItself(error, attempt) ? 2 ** attempt * (0.5 + Math.random()) : 0;
  return Date.now() + (error.retryAfter ?? backoff) * 1000;
}

/**
 * Waits until a time, and shows why and for how long. The remaining seconds are for the eye; screen readers are told
 * once.
 *
 * @param {number} due in milliseconds since 1970
 * @param {string} reason
 * @param {{ view: TurnView, texts: PanelTexts, signal: AbortSignal }} where the signal rejects with its reason
 */
export async function waitUntil(due, reason, { view, texts, signal }) {
  const left = () => Math.ceil((due - Date.now()) / 1000);
  const line = () => `${reason} ${texts.again.replace('{time}', formatDuration(left(), texts.language))}`;
  for (let alert = left() > 0 ? line() : ''; left() > 0; alert = '') {
    view.waiting(line(), alert);
    await oneSecond(signal);
  }
}

/**
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
function oneSecond(signal) {
  return new Promise((resolve, reject) => {
    setTimeout(resolve, 1000);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
