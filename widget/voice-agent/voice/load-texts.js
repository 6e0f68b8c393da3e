/** @import { Language, VoiceTexts } from '../languages.js' */

/** @type {Record<Language, () => Promise<{ default: VoiceTexts }>>} */
const TEXTS = {
  en: () => import('./texts/en.js'),
  de: () => import('./texts/de.js'),
  ar: () => import('./texts/ar.js'),
};

/**
 * Loads the texts of the voice.
 *
 * @param {Language} language
 */
export async function loadVoiceTexts(language) {
  return (await TEXTS[language]()).default;
}
