/**
 * @typedef {'within' | 'either' | 'last'} Kind whether a sentence can end with an abbreviation: never; if the next one
 *   begins as sentences often do; or if any capital letter follows
 *
 * @typedef {Partial<Record<Kind, Record<string, string>>>} AbbreviationTable what is said for them; '' if a voice reads
 *   them well. A `0` stands for a number before or after, an `A` for a capital letter after, a `-` for the word
 *   that it ends, `.?` for a dot that may be left out.
 *
 * @typedef {object} Entry
 * @property {Kind} kind
 * @property {string} source of a regular expression without what follows
 * @property {string} after of one that what follows begins with
 * @property {string} spoken
 */

const NUMBER = '[\\p{N}]';
/** @type {Record<string, string>} */
const BEFORE = { '': '(?<![\\p{L}\\p{N}.])', '0 ': `(?<=${NUMBER}\\.?\\s?)`, '-': '(?<=\\p{Ll})' };
/** @type {Record<string, string>} */
const AFTER = { '': '', 0: NUMBER, A: '(?:\\p{Lu}|\\p{Lo})' };
// The longest abbreviation, with a number before it.
const MAX_LENGTH = 40;

/** The abbreviations of a language. */
export class Abbreviations {
  #entries;
  #any;
  #ends;

  /** @param {AbbreviationTable} table */
  constructor(table) {
    const kinds = /** @type {[Kind, Record<string, string>][]} */ (Object.entries(table));
    this.#entries = kinds.flatMap(([kind, all]) => Object.entries(all ?? {}).map((each) => entry(kind, ...each)));
    const sources = this.#entries.map(({ source, after }) => `(${source}${after && `(?=\\s?${after})`})`);
    this.#any = RegExp(sources.join('|') || '(?!)', 'gu');
    this.#ends = this.#entries.map(({ source, after }) => [RegExp(`(?:${source})$`, 'u'), RegExp(`^${after}`, 'u')]);
  }

  /**
   * The kind of the abbreviation that a text ends with, if it ends with one.
   *
   * @param {string} text
   * @param {string} following
   */
  kindAtEnd(text, following) {
    const end = text.slice(-MAX_LENGTH);
    const index = this.#ends.findIndex(([before, after]) => after.test(following) && before.test(end));
    return this.#entries[index]?.kind;
  }

  /**
   * A sentence with the abbreviations written out.
   *
   * @param {string} sentence
   */
  expand(sentence) {
    return sentence.replace(this.#any, (found, ...more) => {
      const { spoken } = this.#entries[more.findIndex((group) => group !== undefined)];
      if (!spoken) return found;
      const at = more[this.#entries.length];
      const first = /[\p{L}\p{N}]/u.test(sentence.slice(0, at)) ? spoken[0] : spoken[0].toUpperCase();
      const next = sentence[at + found.length];
      const end = next ? (/\d/.test(next) ? ' ' : '') : found.endsWith('.') ? '.' : '';
      return first + spoken.slice(1) + end;
    });
  }
}

/**
 * @param {Kind} kind
 * @param {string} written
 * @param {string} spoken
 * @returns {Entry}
 */
function entry(kind, written, spoken) {
  const [, begin = '', letters, after = ''] = /^(0 |-)?(.*?)(?: ([0A]))?$/.exec(written) ?? [];
  const first = `[${letters[0]}${letters[0].toUpperCase()}]`;
  const rest = letters.slice(1).replace(/\.(?!\?|$)/g, '\\.\\s?').replace(/\.(?=\??$)/, '\\.');
  const end = letters.endsWith('?') ? '(?![\\p{L}\\p{N}])' : '(?!\\p{L})';
  return { kind, source: BEFORE[begin] + first + rest + end, after: AFTER[after], spoken };
}
