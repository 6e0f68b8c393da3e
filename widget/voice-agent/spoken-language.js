/** @import { VoiceAgentElement } from './element.js' */

/**
 * The language that visitors are expected to speak: of the attribute, else of the page, else of the browser. It may
 * be one that the widget has no texts in.
 *
 * @param {VoiceAgentElement} host
 * @returns {string} a language tag such as `fr` or `pt-BR`
 */
export function spokenLanguage(host) {
  const surrounding = /** @type {HTMLElement | null} */ (host.closest('[lang]'));
  const tags = [host.getAttribute('language'), surrounding?.lang, document.documentElement.lang, navigator.language];
  return tags.map((tag) => canonical(tag ?? '')).find(Boolean) ?? 'en';
}

/**
 * A tag as browsers and servers know it; '' if it is none.
 *
 * @param {string} tag
 */
function canonical(tag) {
  try {
    return Intl.getCanonicalLocales(tag.trim().replaceAll('_', '-'))[0] ?? '';
  } catch {
    return '';
  }
}
