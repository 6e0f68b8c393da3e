/**
 * Waits, but no longer than until the browser is connected again.
 *
 * @param {number} duration milliseconds
 * @param {AbortSignal} [signal] rejects with its reason
 * @returns {Promise<unknown>}
 */
export function pause(duration, signal) {
  return new Promise((resolve, reject) => {
    setTimeout(resolve, duration);
    addEventListener('online', resolve, { once: true, signal });
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
