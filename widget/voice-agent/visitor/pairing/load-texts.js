import { ownTexts } from '../own-texts.js';

/** @import { VoiceAgentElement } from '../../element.js' */
/** @import { PairingTexts, Language } from '../../languages.js' */

/** @type {Record<Language, () => Promise<{ default: PairingTexts }>>} */
const TEXTS = {
  en: () => import('./texts/en.js'),
  de: () => import('./texts/de.js'),
  ar: () => import('./texts/ar.js'),
};

/**
 * Loads the texts of moving a conversation to another device, as the page wants them.
 *
 * @param {VoiceAgentElement} host
 */
export async function loadPairingTexts(host) {
  return ownTexts(host, (await TEXTS[host.language]()).default);
}
