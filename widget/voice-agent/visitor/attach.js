import { ApiError } from '../api/errors.js';

/** @import { PanelParts } from './context.js' */

/**
 * Attaches to the panel what the agent's settings, or the page, call for beyond a conversation; otherwise nothing is
 * loaded. Rejects with an `ApiError` if it cannot be loaded: there could be something to agree to.
 *
 * @param {PanelParts} parts
 */
export async function attachVisitor(parts) {
  const { accounts, pairing, privacyUrl, consent } = parts.config();
  if (!accounts && !pairing && !privacyUrl && consent !== 'ask' && !parts.connection.identity) return;
  const loaded = await import('./visitor.js').catch(() => null);
  if (!loaded) throw new ApiError('unreachable');
  return loaded.Visitor.attach(parts);
}
