import { el } from '../../dom.js';

// Punctuation after a bare address belongs to the sentence.
const TRAILING_PUNCTUATION = /[.,;:!?'"*_\]»”’。，、؟،)]+$/;
const LOOKS_LIKE_ADDRESS = /:\/\/|@|[\p{L}\p{N}-][.．。｡·‧]\p{L}{2}|\d+\.\d+\.\d+\.\d+/u;
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu;
const DATE = /^\d{1,4}([-./ ])\d{1,2}\1\d{1,4}$/;
const SCHEMES = ['http:', 'https:', 'mailto:', 'tel:'];
const MIN_DIGITS = 7;
const MAX_DIGITS = 15;

/** What may be a bare address, as the source of a regular expression with the flags `giu`. */
export const BARE_ADDRESS = [
  '(?:https?:\\/\\/|www\\.(?=[\\p{L}\\p{N}]))[^\\s<>"`|]{1,2000}',
  '[\\p{L}\\p{N}._%+-]{1,64}@[\\p{L}\\p{N}-]{1,63}(?:\\.[\\p{L}\\p{N}-]{1,63}){1,5}',
  '(?<![\\p{L}\\p{N}.,/+-]|\\d )(?:(?:(?:\\+|00)\\d|\\(?0\\d)[\\d ()/-]{4,20}\\d|\\(?\\d{3}\\)?[ .-]\\d{3}[ .-]\\d{4})' +
    '(?![\\p{L}\\p{N}]|[.,]\\d)',
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
  return el('a', { href: url.href, part: 'link', ...elsewhere }, isHonest(url, label) ? label : realAddress(url));
}

/** @param {URL} url */
function realAddress({ protocol, pathname, href }) {
  return protocol.startsWith('http') ? href : pathname;
}

/**
 * Whether a label is either no address, or names the host that the link leads to.
 *
 * @param {URL} url
 * @param {string} label
 */
function isHonest(url, label) {
  const visible = label.normalize('NFKC').replace(INVISIBLE, '').trim();
  if (visible && !LOOKS_LIKE_ADDRESS.test(visible)) return true;
  const named = URL.parse(/^\w+:\/\//.test(visible) ? visible : `https://${visible}`);
  return visible === url.pathname || (!!named && !named.username && named.host === url.host);
}
