/** What a person would say of a written answer: its sentences, without what is only for the eye. */

import { Abbreviations, hide } from './abbreviations.js';

// Longer texts are spoken in parts: servers refuse very long ones, and the first part is heard sooner.
const MAX_CHARACTERS = 500;
const FENCED = /(`{3,}|~{3,})[^]*?(?:\1|$)/g;
const LINK = /!?\[([^\]\n]*)\]\([^)\n]*(?:\)|$)/g;
const ADDRESS = /<?https?:\/\/[^\s<>]*[^\s<>.,;:!?'")\]»”’。，、؟،]>?/gi;
const WEBSITE = /\b(www\.[\p{L}\p{N}.-]*[\p{L}\p{N}])(?:[/?#][^\s<>]*[^\s<>.,;:!?'")\]»”’])?/giu;
const MONTHS = 'Jan|Feb|März|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez';
// A title, initials, or an ordinal number of German, whose month may not have arrived as a whole.
const ABBREVIATION = RegExp(
  '(?<![\\p{L}\\p{N}])(?:(?:Dr|Mr|Mrs|Ms|Prof|Sr|Jr|St|Str|Mme|Mlle)\\.|(?:\\p{L}\\.\\s?)+|' +
    `\\d{1,4}\\.(?=[ \\u00a0](?:\\p{Ll}|${MONTHS}|\\p{L}{1,2}$)))`,
  'gu',
);
const LIST_MARKER = /^[ \t]*(?:\d{1,9}[.)]|[-*+•])(?=[ \t])/gm;
const EMOJI = /\p{RI}{2}|[#*\d]\uFE0F?\u20E3|(?:\p{Extended_Pictographic}|\p{Emoji_Presentation})[\p{Emoji_Modifier}\uFE0F\u200D\u{E0020}-\u{E007F}\p{Extended_Pictographic}]*/gu;
const MASKED = [FENCED, LINK, ADDRESS, WEBSITE, ABBREVIATION, LIST_MARKER];

/**
 * @typedef {object} SpokenPart what is spoken in one go
 * @property {string} text as it is spoken
 * @property {number} shown where the text that it covers ends in the answer, in UTF-16 units from its beginning
 */

/** Cuts an answer that arrives in pieces into what is spoken one after the other. */
export class SpokenSentences {
  #segmenter;
  #abbreviations;
  #pending = '';
  /** How much of the answer has been cut off `#pending`. */
  #shown = 0;

  /** @param {string} language */
  constructor(language) {
    this.#segmenter = new Intl.Segmenter(language, { granularity: 'sentence' });
    this.#abbreviations = new Abbreviations(language);
  }

  /**
   * Adds a piece and returns what can be spoken now.
   *
   * @param {string} piece
   * @returns {SpokenPart[]}
   */
  add(piece) {
    const text = this.#pending + piece;
    // Of the same length, but without the marks at which a sentence seems to end.
    const masked = MASKED.reduce((all, pattern) => all.replace(pattern, hide), this.#abbreviations.mask(text));
    let at = 0;
    // The last one may not be complete.
    const lengths = Array.from(this.#segmenter.segment(masked), ({ segment }) => segment.length).slice(0, -1);
    const sentences = lengths.map((length) => text.slice(at, (at += length)));
    this.#pending = text.slice(at);
    return sentences.flatMap((sentence) => this.#speakable(sentence));
  }

  /**
   * Returns what is left at the end of the answer.
   *
   * @returns {SpokenPart[]}
   */
  flush() {
    const rest = this.#pending;
    this.#pending = '';
    return this.#speakable(rest);
  }

  /**
   * A sentence as it is said, in parts if it is long; empty if nothing of it can be said.
   *
   * @param {string} sentence
   * @returns {SpokenPart[]}
   */
  #speakable(sentence) {
    const begin = this.#shown;
    this.#shown += sentence.length;
    const text = this.#abbreviations.expand(withoutMarks(sentence));
    if (!/[\p{L}\p{N}]/u.test(text)) return [];
    let said = 0;
    // Of a sentence in several parts, each covers as much as it takes of what is said.
    return parts(text).map((part) => {
      said = Math.min(said + part.length + 1, text.length);
      return { text: part, shown: begin + Math.round((sentence.length * said) / text.length) };
    });
  }
}

/**
 * A sentence without what is only for the eye.
 *
 * @param {string} sentence
 */
function withoutMarks(sentence) {
  return sentence
    .replace(FENCED, ' ')
    .replace(LINK, '$1')
    .replace(ADDRESS, ' ')
    .replace(WEBSITE, '$1')
    .replace(LIST_MARKER, '')
    .replace(/^\s*(?:#{1,6}|>+)\s+/gm, '')
    .replace(/^[\s|:-]+$/gm, '')
    .replace(/^\s*\||\|\s*$/gm, '')
    .replace(/\s*\|\s*/g, ', ')
    .replace(/<br ?\/?>/gi, ' ')
    .replace(/\*\*|__(?=\S)|(?<=\S)__|~~|`/g, '')
    .replace(/(?<![\p{L}\p{N}])[*_](?=\S)|(?<=\S)[*_](?![\p{L}\p{N}])/gu, '')
    .replace(EMOJI, ' ')
    .replace(/\s+/g, ' ')
    .replace(/ (?=[.,;:!?])/g, '')
    .trim();
}

/**
 * @param {string} text
 * @returns {string[]}
 */
function parts(text) {
  if (text.length <= MAX_CHARACTERS) return [text];
  const head = text.slice(0, MAX_CHARACTERS);
  const end = /^[^]*[,;:–،、，]\s?/.exec(head)?.[0].length ?? (head.lastIndexOf(' ') + 1 || wholeCharacters(head));
  return [head.slice(0, end).trim(), ...parts(text.slice(end).trim())];
}

/**
 * The length of a text without half a character at its end.
 *
 * @param {string} text
 */
function wholeCharacters(text) {
  return /[\uD800-\uDBFF]$/.test(text) ? text.length - 1 : text.length;
}
