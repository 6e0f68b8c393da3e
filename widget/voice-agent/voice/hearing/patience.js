import { NEUTRAL, RULES } from './rules.js';

/** @import { Rules } from './rules.js' */

// How long a pause has to be before the turn is taken to be over, as shares of `silence`. With its default of 0.9 s:
// 0.45 s after a question, 0.55 s after a sentence, 1.6 s in the middle of one, and 2 s while looking for words or
// dictating. Pauses within sentences are mostly under 0.5 s, those for thought around 1.3 s.
const AFTER_QUESTION = 0.5;
const AFTER_SENTENCE = 0.6;
const UNSURE = 1;
const UNFINISHED = 1.8;
const HESITATING = 2.2;
const DICTATING = 2.2;
// Of a telephone number: with fewer, it may be a range of prices; with more, it is complete.
const MIN_DICTATED_DIGITS = 3;
const MAX_DICTATED_DIGITS = 9;
const DIGITS = /[\p{Nd}.,:/ +()-]+$/u;

/**
 * How long to wait after what was said so far, as a share of the usual silence: more if it is not complete, less if it
 * is.
 *
 * @param {string} text as it was written down
 * @param {string} language a tag such as `de` or `pt-BR`
 */
export function patience(text, language) {
  const rules = RULES[language.split('-')[0].toLowerCase()] ?? NEUTRAL;
  const said = text.trim();
  const words = said.toLowerCase().match(/[\p{L}\p{M}\p{Nd}'’]+/gu) ?? [];
  const last = words.at(-1) ?? '';
  if (!last || rules.fillers.includes(last)) return HESITATING;
  const asks = /[?؟？]["”»']?$/.test(said) || (rules.questions.includes(words[0] ?? '') && words.length > 2);
  if (isDictated(said, words, rules)) return DICTATING;
  if (isUnfinished(said, words, rules, asks)) return UNFINISHED;
  if (asks) return AFTER_QUESTION;
  return /[.!。！۔]["”»']?$/.test(said) || rules.complete.includes(words.join(' ')) ? AFTER_SENTENCE : UNSURE;
}

/**
 * @param {string} said
 * @param {string[]} words
 * @param {Rules} rules
 * @param {boolean} asks
 */
function isUnfinished(said, words, rules, asks) {
  if (/(?:[,;:،؛–—-]|\.\.\.|…)$/.test(said)) return true;
  const endings = [1, 2, 3].map((count) => words.slice(-count).join(' '));
  return endings.some((ending) => rules.open.includes(ending) || (!asks && rules.linking.includes(ending)));
}

/**
 * Whether a number is being dictated: it ends in several digits, or in one after words that announce a number.
 *
 * @param {string} said
 * @param {string[]} words
 * @param {Rules} rules
 */
function isDictated(said, words, rules) {
  const written = said.replace(/[.!?؟]$/, '').replace(/(?<=\p{Nd})[.,](?=\p{Nd})/gu, '').match(DIGITS)?.[0] ?? '';
  const groups = written.match(/\p{Nd}+/gu) ?? [];
  const digits = groups.join('').length;
  let spelt = 0;
  while (rules.digits.includes(words.at(-1 - spelt) ?? '')) spelt += 1;
  if (digits > MAX_DICTATED_DIGITS) return false;
  if (spelt > 1 || (groups.length > 1 && digits >= MIN_DICTATED_DIGITS)) return true;
  return (digits > 0 || spelt > 0) && words.some((word) => rules.numbers.includes(word));
}
