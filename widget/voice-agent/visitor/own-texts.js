/** @import { VoiceAgentElement } from '../element.js' */

/**
 * Texts as the page wants them: its own (`texts`), else its attributes (`text-…`), else those given.
 *
 * @template {Record<string, string>} Texts
 * @param {VoiceAgentElement} host
 * @param {Texts} defaults
 * @returns {Texts}
 */
export function ownTexts(host, defaults) {
  const own = /** @type {Record<string, string | undefined>} */ (host.texts);
  const entries = Object.entries(defaults).map(([name, text]) => [
    name,
    own[name] ?? host.getAttribute(`text-${name}`) ?? text,
  ]);
  return Object.fromEntries(entries);
}
