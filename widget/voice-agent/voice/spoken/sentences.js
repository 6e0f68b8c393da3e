import { clauseCut } from './clauses.js';
import { withoutMarks } from './marks.js';
import { partEnd } from './part-end.js';
import { asSaid } from './wording.js';

/** @import { Rules } from './rules.js' */

/**
 * @typedef {object} SpokenPart what is spoken in one go
 * @property {string} text as it is spoken
 * @property {number} shown where the text that it covers ends in the answer, in UTF-16 units from its beginning
 */

// Some 20 seconds: longer parts would not be heard sooner, and the visitor may interrupt.
const MAX_CHARACTERS = 300;

/** Cuts an answer that arrives in pieces into what is spoken one after the other, and words it as a person would. */
export class SpokenSentences {
  #rules;
  #maxCharacters;
  #pending = '';
  /** How much of the answer precedes `#pending`. */
  #shown = 0;
  #first = true;
  #lineStart = true;

  /**
   * @param {Rules} rules
   * @param {number} [maxCharacters] how long a text the server speaks
   */
  constructor(rules, maxCharacters = MAX_CHARACTERS) {
    this.#rules = rules;
    this.#maxCharacters = Math.min(maxCharacters, MAX_CHARACTERS);
  }

  /**
   * Adds a piece and returns what can be spoken now.
   *
   * @param {string} piece
   */
  add(piece) {
    this.#pending += piece;
    return this.#take(false);
  }

  /** Returns what is left at the end of the answer. */
  flush() {
    return this.#take(true);
  }

  /** @param {boolean} ended */
  #take(ended) {
    /** @type {SpokenPart[]} */
    const parts = [];
    for (let end; (end = this.#partEnd(ended)); ) {
      const written = this.#pending.slice(0, end);
      parts.push(...this.#spoken(written));
      this.#pending = this.#pending.slice(end);
      this.#shown += end;
      this.#lineStart = written.endsWith('\n');
      this.#first &&= !parts.length;
    }
    return parts;
  }

  /** @param {boolean} ended */
  #partEnd(ended) {
    const [text, first, lineStart] = [this.#pending, this.#first, this.#lineStart];
    return partEnd({ text, ended, first, lineStart, limit: this.#maxCharacters }, this.#rules);
  }

  /**
   * What is spoken of a part; nothing if nothing of it can be, and more than one text if it takes more words to say
   * than the server speaks at a time.
   *
   * @param {string} written
   * @returns {SpokenPart[]}
   */
  #spoken(written) {
    const text = asSaid(withoutMarks(written), this.#rules);
    if (!/[\p{L}\p{N}]/u.test(text)) return [];
    const texts = inParts(text, this.#maxCharacters);
    // Each covers as much of what is written as it takes of what is said.
    const share = (/** @type {number} */ index) => texts.slice(0, index + 1).join(' ').length / texts.join(' ').length;
    return texts.map((each, index) => ({ text: each, shown: this.#shown + Math.round(written.length * share(index)) }));
  }
}

/**
 * @param {string} text
 * @param {number} limit
 * @returns {string[]}
 */
function inParts(text, limit) {
  if (text.length <= limit) return [text];
  const end = clauseCut(text, limit);
  const rest = text.slice(end).trim();
  return [text.slice(0, end).trim(), ...(rest ? inParts(rest, limit) : [])].filter(Boolean);
}
