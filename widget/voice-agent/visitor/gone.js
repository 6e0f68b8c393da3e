/** @import { Api } from '../api/api.js' */

/**
 * Whether the conversation of a session is known not to exist any more: it was deleted, or has moved.
 *
 * @param {Api} api
 * @param {string} id of the session
 */
export async function isGone(api, id) {
  try {
    await api.request('/session', { headers: { 'X-Session-Token': id } });
    return false;
  } catch (error) {
    return /^session_(not_found|closed)$/.test(/** @type {any} */ (error).code);
  }
}
