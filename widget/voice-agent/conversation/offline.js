/** @import { TurnView } from '../transcript/turn-view.js' */

// Browsers can be wrong about being offline, so a question does not wait for the `online` event alone.
const RETRY_MS = 15_000;

/**
 * Waits until the browser is connected again.
 *
 * @param {TurnView} view
 * @param {string} line says so
 * @param {AbortSignal} signal rejects with its reason
 * @returns {Promise<void>}
 */
export async function waitOffline(view, line, signal) {
  if (navigator.onLine) return;
  view.waiting(line, line);
  await new Promise((resolve, reject) => {
    addEventListener('online', resolve, { once: true, signal });
    setTimeout(resolve, RETRY_MS);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
