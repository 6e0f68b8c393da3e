import { HOST_BEGIN, HOST_END } from './marks.js';

/** @import { Rewrite, Rules, Wording } from './rules.js' */

const NUMBER = '(\\d[\\d.,]*\\d|\\d)';
const HOST = RegExp(`${HOST_BEGIN}(.*?)${HOST_END}`, 'g');
const MAIL = /[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu;
const BARE_HOST = /(?<![\p{L}\p{N}.@/-])((?:[A-Za-z]?[a-z0-9-]+[a-z0-9]\.)+[a-z]{2,})(?![\p{L}\p{N}-]|\.\p{L})(?:\/[^\s,;!?)]*[^\s.,;:!?)])?/gu;
const PHONE = /(?<![\p{L}\p{N}.,/+-]|\d )(?:(?:\+|00)\d|\(?0\d|\(?\d{3}\)?[ .-]?\d{3}[ .-]\d{4})[\d ()/.-]{0,20}(?<=\d)(?![\p{L}\p{N}%€$£]|[.,:]\d|-\d)/gu;
const MIN_DIGITS = 7;
const MAX_DIGITS = 15;
const ISO_DATE = /(?<![\d-])(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)(?![\d-])/g;
const DASH_RANGE = /(?<=\d(?:[%€$£°]| ?(?:[ap]\.?m\.?|Uhr|ص|م))?)(?:\s?[–—]\s?| - )(?=[$€£]?\d)/gi;
const HYPHEN_RANGE = /(?<![\p{L}\p{N}./:+-])([$€£]?)(\d{1,4})((?::\d\d)?)-(?=[$€£]?(\d{1,4})(?::\d\d)?(?![\p{L}\d/]|[.-]\d|-))/gu;
// A sentence of so many words, other than short ones such as 'a.m.', without a common one is in another language.
const MIN_WORDS = 6;
const MIN_LETTERS = 4;

/**
 * A sentence as a person says it. Numbers stay numbers, for every voice reads these; what stands for a word becomes
 * that word.
 *
 * @param {string} text without Markdown; hosts are between `HOST_BEGIN` and `HOST_END`
 * @param {Rules} rules
 */
export function asSaid(text, rules) {
  const { wording, language, abbreviations } = rules;
  if (!wording || isForeign(text, rules)) return text.replace(HOST, '$1');
  const addressed = withAddresses(text, wording);
  const dated = rewrite(withDates(addressed, wording, language), wording.before);
  const counted = new Amounts(wording, language).inWords(dated);
  return rewrite(abbreviations.expand(counted), wording.after).replace(/\s+/g, ' ').trim();
}

/**
 * @param {string} text
 * @param {Wording} wording
 */
function withAddresses(text, { address }) {
  const spelled = (/** @type {string} */ all) => all.replace(/[@._+-]/g, (mark) => ` ${address[mark]} `);
  const named = (/** @type {string} */ _, /** @type {string} */ host) => spelled(host);
  return text.replace(MAIL, spelled).replace(HOST, named).replace(BARE_HOST, named);
}

/**
 * Words for dates, telephone numbers and ranges.
 *
 * @param {string} text
 * @param {Wording} wording
 * @param {string} language
 */
function withDates(text, { numericDate, address, to }, language) {
  const formatted = (/** @type {any[]} */ ...found) => formatDate(found, language);
  return text
    .replace(ISO_DATE, formatted)
    .replace(numericDate(new Intl.Locale(language).region), formatted)
    .replace(PHONE, (number) => digits(number, address['+']))
    .replace(DASH_RANGE, ` ${to} `)
    .replace(HYPHEN_RANGE, (found, sign, from, minutes, until) =>
      Number(from) < Number(until) || minutes ? `${sign}${from}${minutes} ${to} ` : found,
    );
}

/**
 * A telephone number digit by digit.
 *
 * @param {string} number
 * @param {string} plus
 */
function digits(number, plus) {
  const groups = number.match(/\d+/g) ?? [];
  const { length } = groups.join('');
  if (length < MIN_DIGITS || length > MAX_DIGITS) return number;
  return (number[0] === '+' ? `${plus} ` : '') + groups.map((group) => [...group].join(' ')).join(', ');
}

/** Prices and measures in words. */
class Amounts {
  #wording;
  #plurals;

  /**
   * @param {Wording} wording
   * @param {string} language
   */
  constructor(wording, language) {
    this.#wording = wording;
    this.#plurals = new Intl.PluralRules(language);
  }

  /** @param {string} text */
  inWords(text) {
    const { currencies, magnitudes, units } = this.#wording;
    const [money, size, unit] = [currencies, magnitudes, units].map(alternatives);
    const end = '(?!\\p{L})';
    const rate = '((?:\\s?/\\s?\\p{L}+)*)';
    return text
      .replace(RegExp(`(${money})\\s?${NUMBER}(?:\\s?(${size})${end})?${rate}`, 'gu'), (_, ...all) => this.#price(...all))
      .replace(RegExp(`${NUMBER}(?:\\s?(${size})\\.?)?\\s?(${money})${end}${rate}`, 'gu'), (_, number, many, name, per) => this.#price(name, number, many, per))
      .replace(RegExp(`(?<![\\p{sc=Latin}\\d.,/])${NUMBER}\\s?(${unit})(?![\\p{L}\\d])(?:\\.(?=[ ,]))?`, 'gu'), (_, number, name) => `${number} ${this.#form(units[name], number)}`);
  }

  /** @param {any[]} found the currency, the number, its magnitude, and a rate such as `/user/month` */
  #price(...[name, number, size, rate]) {
    const { currencies, magnitudes, price, per, every = {} } = this.#wording;
    const [unit, hundredth] = currencies[name];
    const rates = rate.replace(/\s?\/\s?(\p{L}+)/gu, (/** @type {string} */ _, /** @type {string} */ each) => ` ${per} ${every[each] ?? each}`);
    if (size) return `${number} ${magnitudes[size]} ${this.#form(unit, '2')}${rates}`;
    const [, whole, cents] = /^(.*)[.,](\d\d)$/.exec(number) ?? [];
    const C = `${Number(cents)} ${this.#form(hundredth, cents)}`;
    const W = `${whole ?? number} ${this.#form(unit, whole ?? number)}`;
    if (!Number(cents)) return W + rates;
    return (Number(whole) ? price.replace(/[WCN]/g, (part) => ({ W, C })[part] ?? `${Number(cents)}`) : C) + rates;
  }

  /**
   * The form of a noun that goes with a number.
   *
   * @param {string} forms
   * @param {string} number
   */
  #form(forms, number = '') {
    const value = Number(number.replace(/[.,](?=\d{3}(?!\d))/g, '').replace(',', '.'));
    const all = forms.split('|');
    return all[this.#wording.forms.indexOf(this.#plurals.select(value))] ?? all[0];
  }
}

/**
 * Whether a sentence is in another language than the rules are for.
 *
 * @param {string} text
 * @param {Rules} rules
 */
function isForeign(text, { common }) {
  const words = text.replace(MAIL, '').replace(HOST, '').toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? [];
  return words.filter((word) => word.length >= MIN_LETTERS).length >= MIN_WORDS && !words.some((word) => common.has(word));
}

/**
 * @param {any[]} found a match with the groups `day`, `month` and perhaps `year`
 * @param {string} language
 * @returns {string}
 */
function formatDate(found, language) {
  const { day, month, year } = found.at(-1);
  const date = new Date(Date.UTC(year ?? 2000, month - 1, day));
  if (date.getUTCDate() !== Number(day) || month > 12) return found[0];
  const calendar = `${language}-u-ca-gregory-nu-latn`;
  return date.toLocaleDateString(calendar, { day: 'numeric', month: 'long', year: year && 'numeric', timeZone: 'UTC' });
}

/**
 * @param {string} text
 * @param {Rewrite[]} rewrites
 */
function rewrite(text, rewrites) {
  return rewrites.reduce((all, [pattern, words]) => all.replace(pattern, /** @type {any} */ (words)), text);
}

/** @param {Record<string, unknown>} names */
function alternatives(names) {
  const longestFirst = Object.keys(names).sort((one, other) => other.length - one.length);
  return longestFirst.join('|').replaceAll('$', '\\$');
}
