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
  return new ApiError(body.code ?? fallback, status, secondsToWait(headers.get('Retry-After')) || null);
}

/**
 * `Retry-After` in seconds, 0 if there is none: servers send a number or a date.
 *
 * @param {string | null | undefined} value
 */
export function secondsToWait(value) {
  const seconds = Number(value) || (Date.parse(value ?? '') - Date.now()) / 1000;
  return Math.max(0, Math.ceil(seconds)) || 0;
}
