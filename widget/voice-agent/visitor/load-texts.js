import { ownTexts } from './own-texts.js';

/** @import { VoiceAgentElement } from '../element.js' */
/** @import { VisitorTexts, Language } from '../languages.js' */

/** @type {Record<Language, () => Promise<{ default: VisitorTexts }>>} */
const TEXTS = {
  en: () => import('./texts/en.js'),
  de: () => import('./texts/de.js'),
  ar: () => import('./texts/ar.js'),
};

/**
 * Loads the texts of the menu, the notice and the consent, as the page wants them.
 *
 * @param {VoiceAgentElement} host
 */
export async function loadVisitorTexts(host) {
  return ownTexts(host, (await TEXTS[host.language]()).default);
}
