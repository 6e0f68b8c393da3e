/** @import { Token } from './identity.js' */

/**
 * Whom a token is about, to tell visitors apart; null if there is no token. The agent checks tokens, the widget
 * does not.
 *
 * @param {Token} token
 * @returns {string | null}
 */
export function subjectOf(token) {
  if (!token) return null;
  try {
    const claims = token.split('.')[1].replace(/-/g, '+').replace(/_/g, '/');
    return String(JSON.parse(atob(claims)).sub);
  } catch {
    return token;
  }
}
