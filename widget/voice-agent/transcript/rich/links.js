import { el } from '../../dom.js';

// Punctuation after a bare address belongs to the sentence.
const TRAILING_PUNCTUATION = /[.,;:!?'"*_\]»”’。，、؟،)]+$/;
const LOOKS_LIKE_ADDRESS = /:\/\/|@|[\p{L}\p{N}-]\.\p{L}{2}|\d+\.\d+\.\d+\.\d+/u;
// What takes no room, or less than a space.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/gu;
// What could pass for a dot: Unicode's confusables of U+002E and U+00B7, and an encoded dot.
const DOT = /%2e|[.。｡·•‧∙⋅・･⸱⸳᛫ᐧ𐄁ꞏ․܁܂꘎𐩐𝅭ꓸ٠۰]/giu;
const REORDERING = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
// Other letters, such as Cyrillic ones, can be mistaken for those of another host.
const UNMISTAKABLE = /^[!-~\u00df-\u0130\u0132-\u0137\u0139-\u017f\p{sc=Arab}\p{sc=Hebr}\p{sc=Han}\p{sc=Hang}]*$/u;
const DATE = /^\d{1,4}([-./ ])\d{1,2}\1\d{1,4}$/;
const SCHEMES = ['http:', 'https:', 'mailto:', 'tel:'];
const MIN_DIGITS = 7;
const MAX_DIGITS = 15;

const PHONE_NUMBER =
  '(?<![\\p{L}\\p{N}.,/+-]|\\d )(?:(?:(?:\\+|00)\\d|\\(?0\\d)[\\d ()/-]{4,20}\\d|\\(?\\d{3}\\)?[ .-]\\d{3}[ .-]\\d{4})' +
  '(?![\\p{L}\\p{N}]|[.,]\\d)';
const LOOKS_LIKE_PHONE_NUMBER = RegExp(PHONE_NUMBER, 'u');

/** What may be a bare address, as the source of a regular expression with the flags `giu`. */
export const BARE_ADDRESS = [
  '(?:https?:\\/\\/|www\\.(?=[\\p{L}\\p{N}]))[^\\s<>"`|]{1,2000}',
  '[\\p{L}\\p{N}._%+-]{1,64}@[\\p{L}\\p{N}-]{1,63}(?:\\.[\\p{L}\\p{N}-]{1,63}){1,5}',
  PHONE_NUMBER,
].join('|');

/**
 * A bare address as a link, followed by the punctuation that does not belong to it.
 *
 * @param {string} found
 * @returns {(Node | string)[]}
 */
export function bareLink(found) {
  if (/^(https?:|www\.)/i.test(found)) {
    const shown = found.replace(TRAILING_PUNCTUATION, '');
    const url = URL.parse(/^www/i.test(shown) ? `https://${shown}` : shown);
    return url ? [link(url, shown), found.slice(shown.length)] : [found];
  }
  if (found.includes('@')) return [el('a', { href: `mailto:${found}`, part: 'link' }, found)];
  const digits = found.replace(/\D/g, '');
  if (digits.length < MIN_DIGITS || digits.length > MAX_DIGITS || DATE.test(found)) return [found];
  return [el('a', { href: `tel:${found[0] === '+' ? '+' : ''}${digits}`, part: 'link' }, found)];
}

/**
 * A Markdown link; just its label if it does not lead to a website, a mailbox or a telephone.
 *
 * @param {string} label
 * @param {string} target
 */
export function labelledLink(label, target) {
  const url = URL.parse(target);
  return url && SCHEMES.includes(url.protocol) ? link(url, label) : label;
}

/**
 * A link whose text does not pretend to be another address. Links to other sites open in a new tab.
 *
 * @param {URL} url
 * @param {string} label
 */
function link(url, label) {
  url.username = url.password = '';
  const elsewhere = url.origin === 'null' || url.origin === location.origin ? {} : { target: '_blank', rel: 'noopener' };
  const text = isHonest(url, label) ? label.replace(REORDERING, '') : realAddress(url);
  return el('a', { href: url.href, part: 'link', ...elsewhere }, text);
}

/** @param {URL} url */
function realAddress({ protocol, pathname, href }) {
  return protocol.startsWith('http') ? href : pathname;
}

/**
 * Whether a label names what the link leads to, if it looks to a person as if it named something.
 *
 * @param {URL} url
 * @param {string} label
 */
function isHonest(url, label) {
  const seen = label.replace(INVISIBLE, '').normalize('NFKC').replace(INVISIBLE, '').replace(DOT, '.').trim();
  const letters = seen.normalize('NFKD').replace(/\p{M}/gu, '');
  if (!seen || LOOKS_LIKE_ADDRESS.test(letters)) return namesTarget(url, seen);
  return !LOOKS_LIKE_PHONE_NUMBER.test(letters) || DATE.test(letters) || dials(url, letters);
}

/**
 * @param {URL} url
 * @param {string} seen
 */
function namesTarget(url, seen) {
  if (seen === url.pathname) return true;
  const [, scheme, host = ''] = /^(\w+:\/\/)?([^/?#]*)/.exec(seen.toLowerCase()) ?? [];
  const named = URL.parse(scheme ? seen : `https://${seen}`);
  return !!named && !named.username && named.host === url.host && UNMISTAKABLE.test(host);
}

/**
 * Whether a link calls a number, which may be written as it is dialled within the country.
 *
 * @param {URL} url
 * @param {string} number
 */
function dials({ protocol, pathname }, number) {
  return protocol === 'tel:' && pathname.replace(/\D/g, '').endsWith(number.replace(/\D/g, '').replace(/^0+/, ''));
}
