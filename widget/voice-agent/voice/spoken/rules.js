import { Abbreviations } from './abbreviations.js';

/** @import { AbbreviationTable } from './abbreviations.js' */

/** @typedef {[RegExp, string | ((found: string, ...groups: string[]) => string)]} Rewrite */

/**
 * @typedef {object} RuleData what is known of a language; a module in `rules/` for each
 * @property {AbbreviationTable} abbreviations
 * @property {string} common words that sentences often begin with, in lower case, between spaces
 * @property {string} [dates] days and months, which may follow a time: `3 p.m. Tuesday`
 * @property {RegExp} [beforeOrdinal] what an ordinal number ends, without its dot
 * @property {Wording} wording
 *
 * @typedef {object} Wording what is said for symbols
 * @property {string[]} forms the plural categories of `Intl.PluralRules` that have a form of their own, in the order in
 *   which `one|many` are given below
 * @property {Record<string, string>} address for `@`, `.`, `_` and `-` in addresses of e-mail and websites, and `+`
 * @property {string} to in '5–7'
 * @property {string} per in '$5/month'
 * @property {Record<string, string>} [every] what is written for 'month' after a `/`
 * @property {string} price `W` stands for '49 dollars', `C` for '50 cents', and `N` for '50'
 * @property {Record<string, [string, string]>} currencies with their hundredths
 * @property {Record<string, string>} magnitudes in '$5k'
 * @property {Record<string, string>} units after a number
 * @property {Rewrite[]} before done first: dates, times, days
 * @property {Rewrite[]} after done last: symbols, ordinal numbers
 * @property {(region: string | undefined) => RegExp} numericDate with the groups `day`, `month` and `year`
 */

/**
 * @typedef {object} Rules
 * @property {string} language
 * @property {Abbreviations} abbreviations
 * @property {Set<string>} common
 * @property {Set<string>} dates
 * @property {RegExp} [beforeOrdinal]
 * @property {Wording} [wording] none if the voice has to find the words
 */

/** @type {Record<string, () => Promise<{ default: RuleData }>>} */
const LANGUAGES = {
  en: () => import('./rules/en.js'),
  de: () => import('./rules/de.js'),
  ar: () => import('./rules/ar.js'),
};
// In any language, since a name may be written in another one.
const TITLES = 'Dr. Mr. Mrs. Ms. Prof. Rev. Gen. Sen. Gov. Capt. Mme. Mlle. Dhr. dott. sig. Dra. Sra. Srta. bzw. ca. ул.';
const NAMES = 'Sr. Jr. St. Str. Co. Inc. Ltd.';
/** @type {AbbreviationTable} */
const EVERYWHERE = { within: unspoken(TITLES), either: unspoken(NAMES) };

/**
 * The rules of a language. Of a language without any, sentences are found, and the rest is left to the voice.
 *
 * @param {string} language a language tag
 * @returns {Promise<Rules>}
 */
export async function loadRules(language) {
  const data = (await LANGUAGES[new Intl.Locale(language).language]?.())?.default;
  return data ? rulesOf(language, data) : neutralRules(language);
}

/**
 * @param {string} language a language tag
 * @returns {Rules}
 */
export function neutralRules(language) {
  return { language, abbreviations: new Abbreviations(EVERYWHERE), common: new Set(), dates: new Set() };
}

/**
 * @param {string} language
 * @param {RuleData} data
 * @returns {Rules}
 */
function rulesOf(language, { abbreviations, common, dates, ...more }) {
  const { within, either, last } = abbreviations;
  // The first that fits counts.
  const both = (/** @type {'within' | 'either'} */ kind, own = {}) => ({ ...own, ...EVERYWHERE[kind], ...own });
  const table = { within: both('within', within), either: both('either', either), last };
  return {
    language,
    ...more,
    abbreviations: new Abbreviations(table),
    common: words(common),
    dates: words(dates),
  };
}

/** @param {string} [list] */
function words(list = '') {
  return new Set(list.split(' '));
}

/** @param {string} list */
function unspoken(list) {
  return Object.fromEntries(list.split(' ').map((each) => [each, '']));
}
