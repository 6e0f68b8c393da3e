/** What sessionStorage holds, under keys to which the address of an agent is added. */

export const KEPT = 'voice-agent:';
export const ENDED = 'voice-agent-ended:';

/**
 * @param {string} key
 * @returns {any} null if there is nothing that can be read
 */
export function read(key) {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}
