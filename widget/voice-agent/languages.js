/** The languages of the widget. To add one, copy a file in each of the folders named `texts`. */

/** @typedef {'en' | 'de' | 'ar'} Language */
/** @typedef {typeof import('./texts/en.js').default} Texts the panel's */
/** @typedef {typeof import('./voice/texts/en.js').default} VoiceTexts */
/** @typedef {typeof import('./notices/texts/en.js').default} NoticeTexts what is rarely said */
/** @typedef {keyof (Texts & NoticeTexts)} TextName */
/** @typedef {typeof import('./visitor/texts/en.js').default} VisitorTexts of the menu, the notice and the consent */
/** @typedef {typeof import('./visitor/history/texts/en.js').default} HistoryTexts */
/** @typedef {typeof import('./visitor/pairing/texts/en.js').default} PairingTexts */
/** @typedef {Partial<Texts & NoticeTexts & VoiceTexts & VisitorTexts & HistoryTexts & PairingTexts>} OwnTexts what a page can replace */

/**
 * What the launcher says before the other texts are loaded.
 *
 * @type {Record<Language, { label: string, notLoaded: string }>}
 */
export const LAUNCHER_TEXTS = {
  en: {
    label: 'Ask the voice agent',
    notLoaded: 'This could not be loaded. Try again',
  },
  de: {
    label: 'Den Sprachassistenten fragen',
    notLoaded: 'Das ließ sich nicht laden. Erneut versuchen',
  },
  ar: {
    label: 'اسأل المساعد الصوتي',
    notLoaded: 'تعذّر التحميل. حاول مرة أخرى',
  },
};

/** @type {Record<Language, () => Promise<{ default: Texts }>>} */
const TEXTS = {
  en: () => import('./texts/en.js'),
  de: () => import('./texts/de.js'),
  ar: () => import('./texts/ar.js'),
};

/**
 * Loads the texts of the panel.
 *
 * @param {Language} language
 */
export async function loadTexts(language) {
  return (await TEXTS[language]()).default;
}

/**
 * The first of these language tags that the widget speaks, without its region; English if there is none.
 *
 * @param {(string | null | undefined)[]} tags
 * @returns {Language}
 */
export function chooseLanguage(tags) {
  const languages = tags.map((tag) => tag?.split('-')[0].toLowerCase());
  return /** @type {Language} */ (languages.find((language) => language && language in LAUNCHER_TEXTS) ?? 'en');
}
