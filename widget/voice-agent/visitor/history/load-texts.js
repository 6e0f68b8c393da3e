import { ownTexts } from '../own-texts.js';

/** @import { VoiceAgentElement } from '../../element.js' */
/** @import { HistoryTexts, Language } from '../../languages.js' */

/** @type {Record<Language, () => Promise<{ default: HistoryTexts }>>} */
const TEXTS = {
  en: () => import('./texts/en.js'),
  de: () => import('./texts/de.js'),
  ar: () => import('./texts/ar.js'),
};

/**
 * Loads the texts of the history, as the page wants them.
 *
 * @param {VoiceAgentElement} host
 */
export async function loadHistoryTexts(host) {
  return ownTexts(host, (await TEXTS[host.language]()).default);
}
