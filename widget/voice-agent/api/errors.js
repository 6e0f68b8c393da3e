/** @import { Texts } from '../languages.js' */

// The server's error codes that have a text of their own.
/** @type {Record<string, keyof Texts>} */
const TEXT_BY_CODE = {
  responder_timeout: 'timeout',
  rate_limited: 'rateLimited',
  responder_busy: 'busy',
  storage_unavailable: 'busy',
  configuration_error: 'misconfigured',
  not_found: 'misconfigured',
  turn_in_progress: 'working',
  session_budget_spent: 'spent',
};
const MISCONFIGURED_STATUSES = [401, 403, 405];

/**
 * A request that failed. `code` is the server's, or one of ours: `offline`, `unreachable` (no response),
 * `lost` (the response broke off) and `timeout`.
 */
export class ApiError extends Error {
  /**
   * @param {string} code
   * @param {number} [status] 0 if there was no response
   * @param {number | null} [retryAfter] seconds
   */
  constructor(code, status = 0, retryAfter = null) {
    super(code);
    this.code = code;
    this.status = status;
    this.retryAfter = retryAfter;
  }

  /**
   * The name of the text for the visitor.
   *
   * @returns {keyof Texts}
   */
  get text() {
    // Our own codes, which come without a status, are names of texts.
    if (!this.status) return /** @type {keyof Texts} */ (this.code);
    return TEXT_BY_CODE[this.code] ?? (MISCONFIGURED_STATUSES.includes(this.status) ? 'misconfigured' : 'serverError');
  }
}

/**
 * The error that a response with an error status stands for.
 *
 * @param {Response} response
 */
export async function errorFrom(response) {
  const { status, headers } = response;
  const body = await response.json().catch(() => ({}));
  const fallback = status === 429 ? 'rate_limited' : status < 500 ? 'not_found' : 'server_error';
  return new ApiError(body.code ?? fallback, status, secondsToWait(headers.get('Retry-After')));
}

/**
 * `Retry-After` in seconds: servers send a number or a date.
 *
 * @param {string | null} value
 */
function secondsToWait(value) {
  if (!value) return null;
  const seconds = Number(value) || (Date.parse(value) - Date.now()) / 1000;
  return Math.max(0, Math.ceil(seconds)) || null;
}
