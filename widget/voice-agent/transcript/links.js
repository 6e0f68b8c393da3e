import { el } from '../dom.js';

// Markdown links and bare addresses.
const LINK = /\[([^\]\n]{1,200})\]\((https?:\/\/[^\s()<>]{1,2000})\)|https?:\/\/[^\s<>"]{1,2000}/gi;
// Punctuation after a bare address belongs to the sentence.
const TRAILING_PUNCTUATION = /[.,;:!?'"*_\]»”’。，、؟،)]+$/;
const LOOKS_LIKE_ADDRESS = /:\/\/|^www\./;

/**
 * Text with its links as elements. A link to another site opens in a new tab.
 *
 * @param {string} text
 * @returns {(Node | string)[]}
 */
export function linkify(text) {
  /** @type {(Node | string)[]} */
  const nodes = [];
  let last = 0;
  for (const { 0: whole, 1: label, 2: target, index } of text.matchAll(LINK)) {
    const shown = label ? whole : whole.replace(TRAILING_PUNCTUATION, '');
    const url = URL.parse(target ?? shown);
    if (!url) continue;
    nodes.push(text.slice(last, index), link(url, label));
    last = index + shown.length;
  }
  return [...nodes, text.slice(last)];
}

/**
 * @param {URL} url
 * @param {string | undefined} label
 */
function link(url, label) {
  // A label must not look like another address.
  const name = !label || LOOKS_LIKE_ADDRESS.test(label) ? url.href : label;
  const newTab = url.origin === location.origin ? {} : { target: '_blank', rel: 'noopener' };
  return el('a', { href: url.href, part: 'link', ...newTab }, name);
}
