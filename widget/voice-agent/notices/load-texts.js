/** @import { VoiceAgentElement } from '../element.js' */
/** @import { Language, NoticeTexts } from '../languages.js' */
/** @import { Transcript } from '../transcript/transcript.js' */

/** @type {Record<Language, () => Promise<{ default: NoticeTexts }>>} */
const TEXTS = {
  en: () => import('./texts/en.js'),
  de: () => import('./texts/de.js'),
  ar: () => import('./texts/ar.js'),
};

/**
 * Adds the texts of this folder in the language of the moment to the panel's, unless the page replaces them. Returns
 * them as they are in this folder.
 *
 * @param {{ host: VoiceAgentElement, transcript: Transcript }} parts
 */
export async function addNoticeTexts({ host, transcript }) {
  const texts = (await TEXTS[host.language]()).default;
  for (const name of /** @type {(keyof NoticeTexts)[]} */ (Object.keys(texts))) {
    transcript.texts[name] = host.texts[name] ?? host.getAttribute(`text-${name}`) ?? texts[name];
  }
  return texts;
}
