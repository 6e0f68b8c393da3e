/** @import { Rules } from './rules.js' */

/**
 * @typedef {object} Place where a sentence may end
 * @property {string} before the text before the mark
 * @property {string} mark one or more of `.!?…`
 * @property {string} after what follows the space after it
 * @property {boolean} ended whether nothing more is to come
 */

// Opens a quotation or Markdown's emphasis; what follows is the first letter.
const OPENING = /^["'“”‘«»„([{*_~`¿¡]*/;
const INITIALS = /^(?:\p{L}\p{M}*\.)*\p{L}\p{M}*$/u;
// Before a number, any short word may be an abbreviation: 'Fig. 3'.
const SHORT = /^\p{L}{1,4}$/u;
const ORDINAL = /^\d{1,3}$/;
const DATE = /^\d{1,2}\.\d{1,2}$/;
// In any language: German dates are written on English pages, too.
const MONTH = /^(?:Jan|Feb|März|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)(?:\p{Ll}|$)/u;

/**
 * Whether a sentence ends at a mark that a space follows. It does if in doubt, except after abbreviations: two
 * sentences in one go sound better than one in two.
 *
 * @param {Place} place
 * @param {Rules} rules
 * @returns {boolean | undefined} undefined if only what follows `after` can tell
 */
export function endsSentence({ before, mark, after, ended }, rules) {
  const following = after.replace(OPENING, '');
  if (!following) return ended || undefined;
  // French closes a quotation after a space.
  if (/^\p{Ll}/u.test(following) || after[0] === '»') return false;
  if (mark !== '.') return true;
  const written = (/\S*$/.exec(before)?.[0] ?? '').replace(OPENING, '');
  if (/^\d/.test(following) && SHORT.test(written)) return false;
  const [word] = /^[\p{L}\p{M}\p{N}]*/u.exec(following) ?? [''];
  // Whether the next word is one of a list shows at its end.
  const known = ended || word.length < following.length;
  const one = (/** @type {(word: string) => boolean} */ is) => (known ? is(word) : undefined);
  const dotted = `${before}.`;
  const kind = rules.abbreviations.kindAtEnd(dotted, following);
  if (kind === 'within') return false;
  if (kind === 'last') return one((next) => !rules.dates.has(next));
  if (kind === 'either' || INITIALS.test(written) || (rules.beforeOrdinal && DATE.test(written)))
    return one((next) => rules.common.has(next.toLowerCase()));
  if (!ORDINAL.test(written)) return true;
  if (rules.beforeOrdinal?.test(before)) return false;
  return one((next) => !MONTH.test(next));
}
