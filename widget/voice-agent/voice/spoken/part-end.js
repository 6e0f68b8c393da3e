import { clauseCut } from './clauses.js';
import { opaqueEnd, UNKNOWN } from './opaque.js';
import { endsSentence } from './sentence-end.js';

/** @import { Rules } from './rules.js' */

/**
 * @typedef {object} Rest what is left of an answer
 * @property {string} text
 * @property {boolean} ended whether nothing more is to come
 * @property {boolean} first whether nothing has been spoken yet
 * @property {boolean} lineStart whether it begins a line
 * @property {number} limit how many characters are spoken in one go
 */

// The first sound is worth a pause within a sentence, but not a part of two words. Chinese and Japanese take fewer
// characters.
const MIN_CLAUSE = 25;
const MIN_CLAUSE_CJK = 10;
// No pause is made for what ends soon after it.
const MIN_AFTER = 12;
// Thai has spaces between sentences, and between clauses.
const THAI_SENTENCE = 80;
const LIST_MARKER = /^[ \t>]*(?:(?:\d{1,9}[.)]|[-*+•–])[ \t])?/;
const POINT = /[.!?…]+|[。！？｡।॥။።۔؟]+[!?]*|[,;:–—、，；：،؛]|[\n`~[]| +/g;
const ALWAYS_ENDS = /^[。！？｡।॥။።۔؟]/;
const CJK = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]/u;
const THAI = /[\u0E00-\u0EFF]/;
const CLOSING = /["'“”‘’«»)\]}*_~]*/y;
const CLOSING_CJK = /["'”’)\]}*_~」』）》】〉]*/y;

/**
 * Where the first part of a text ends: with a line, a sentence, in long sentences with a clause, and so, too, at the
 * very beginning. What is returned does not depend on what follows: a text that arrives in pieces has the same parts.
 *
 * @param {Rest} rest
 * @param {Rules} rules
 * @returns {number} 0 if it is not known yet
 */
export function partEnd(rest, rules) {
  const { text, ended, limit } = rest;
  const otherwise = ended ? text.length : 0;
  /** @type {[number, number][]} */
  const opaque = [];
  POINT.lastIndex = (rest.lineStart && LIST_MARKER.exec(text)?.[0].length) || 0;
  for (let point; (point = POINT.exec(text)) && point.index <= limit; ) {
    const { index, 0: mark } = point;
    const isOpaque = /[`~[]/.test(mark);
    const end = isOpaque ? opaqueEnd(text, index, rest.lineStart && !text.slice(0, index).trim()) : endAt(rest, rules, index, mark);
    if (end === UNKNOWN) return otherwise;
    if (isOpaque && end > index) opaque.push([index, (POINT.lastIndex = end)]);
    else if (!isOpaque && end) return end;
  }
  return text.length > limit ? cutOutside(opaque, text, limit) : otherwise;
}

/**
 * Where a long text is cut without cutting code or a link.
 *
 * @param {[number, number][]} opaque where these begin and end
 * @param {string} text
 * @param {number} limit
 */
function cutOutside(opaque, text, limit) {
  const hidden = opaque.reduce((all, [from, to]) => all.slice(0, from) + 'x'.repeat(to - from) + all.slice(to), text);
  const cut = clauseCut(hidden, limit);
  const [from, to] = opaque.find(([begin, end]) => begin < cut && cut < end) ?? [cut, cut];
  return text.slice(0, from).trim() ? from : to;
}

/**
 * @param {Rest} rest
 * @param {Rules} rules
 * @param {number} index
 * @param {string} mark
 * @returns {number} where the part ends because of a mark; 0 if it goes on, `UNKNOWN` if that shows later
 */
function endAt(rest, rules, index, mark) {
  const { text } = rest;
  if (mark === '\n') return index + 1;
  if (mark[0] === ' ') return thaiEnd(rest, index, index + mark.length);
  const question = mark === ';' && /\p{sc=Greek}/u.test(text[index - 1] ?? '');
  if (question || /[.!?…]/.test(mark)) return sentenceEnd(rest, rules, index, mark);
  if (!ALWAYS_ENDS.test(mark)) return rest.first ? clauseEnd(rest, index) : 0;
  const after = skip(CLOSING_CJK, text, index + mark.length);
  if (after === text.length) return UNKNOWN;
  // 「はい。」と言った。
  return /[」』]/.test(text[after - 1]) && /[とって]/.test(text[after]) ? 0 : after;
}

/**
 * @param {Rest} rest
 * @param {Rules} rules
 * @param {number} index
 * @param {string} mark
 */
function sentenceEnd({ text, ended }, rules, index, mark) {
  const after = skip(CLOSING, text, index + mark.length);
  const next = skip(/[^\S\n]*/y, text, after);
  if (next === text.length) return UNKNOWN;
  if (text[next] === '\n') return next + 1;
  if (next === after) return mark !== '.' && CJK.test(text[index - 1] ?? '') && CJK.test(text[after]) ? after : 0;
  const ends = endsSentence({ before: text.slice(0, index), mark, after: text.slice(next), ended }, rules);
  return ends === undefined ? UNKNOWN : ends ? next : 0;
}

/**
 * @param {Rest} rest
 * @param {number} index
 * @param {number} next where the spaces end
 */
function thaiEnd({ text, first }, index, next) {
  if (!THAI.test(text[index - 1] ?? '')) return 0;
  if (next === text.length) return UNKNOWN;
  const ends = index >= (first ? MIN_CLAUSE : THAI_SENTENCE) || /(?:ครับ|ค่ะ|คะ|จ้ะ|จ้า)$/.test(text.slice(0, index));
  return ends && THAI.test(text[next]) ? next : 0;
}

/**
 * Ends the very first part with a clause.
 *
 * @param {Rest} rest
 * @param {number} index where the clause ends
 */
function clauseEnd({ text, ended }, index) {
  const clause = text.slice(0, index).trimStart();
  const cjk = /[、，；：]/.test(text[index]);
  if (clause.length < (cjk ? MIN_CLAUSE_CJK : MIN_CLAUSE) || /[(（][^)）]*$/.test(clause)) return 0;
  const next = skip(/ */y, text, index + 1);
  const following = text.slice(next, next + MIN_AFTER);
  if (/[.!?…\n。！？؟]/.test(following)) return 0;
  if (following.length < MIN_AFTER) return ended ? 0 : UNKNOWN;
  const range = /[–—]/.test(text[index]) && /\d ?$/.test(clause);
  return cjk || (next > index + 1 && !range) ? next : 0;
}

/**
 * @param {RegExp} pattern
 * @param {string} text
 * @param {number} at
 * @returns {number} where what matches at `at` ends
 */
function skip(pattern, text, at) {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
}
