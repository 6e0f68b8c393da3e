/**
 * The browser's voice for a language: of its region if possible, else the one the browser prefers, else one that is
 * spoken on the device. Undefined leaves the choice to the browser, which has not said what it has; null means that there
 * is none.
 *
 * @param {string} language
 * @param {SpeechSynthesisVoice[]} voices
 * @returns {SpeechSynthesisVoice | undefined | null}
 */
export function voiceFor(language, voices) {
  const wanted = plain(language);
  const matching = voices.filter(({ lang }) => !lang || base(plain(lang)) === base(wanted));
  if (!matching.length) return voices.length ? null : undefined;
  const rank = (/** @type {SpeechSynthesisVoice} */ { lang = '', default: preferred, localService }) =>
    (plain(lang) === wanted ? 4 : 0) + (preferred ? 2 : 0) + (localService ? 1 : 0);
  return matching.reduce((best, voice) => (rank(voice) > rank(best) ? voice : best));
}

/**
 * Android has 'en_US'.
 *
 * @param {string} language
 */
function plain(language) {
  return language.replace('_', '-').toLowerCase();
}

/** @param {string} language */
function base(language) {
  return language.split('-')[0];
}
