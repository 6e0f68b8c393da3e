/** @import { SpokenPart } from '../spoken/sentences.js' */

// Chromium stops its network voices after 15 seconds. The slowest of them take about 12 characters a second.
const MAX_CHARACTERS = 160;

/**
 * A part in pieces that no browser stops in the middle, each with how much of the answer it ends.
 *
 * @param {SpokenPart} part
 * @param {number} from where in the answer the part begins
 * @returns {SpokenPart[]}
 */
export function split({ text, shown }, from) {
  /** @type {SpokenPart[]} */
  const pieces = [];
  for (let rest = text; rest; ) {
    const length = rest.length <= MAX_CHARACTERS ? rest.length : breakOf(rest.slice(0, MAX_CHARACTERS));
    const piece = rest.slice(0, length).trim();
    rest = rest.slice(length).trim();
    const share = 1 - rest.length / text.length;
    pieces.push({ text: piece, shown: from + Math.round((shown - from) * share) });
  }
  return pieces;
}

/**
 * Where to break a text that goes on: after a pause, else between words, else between characters.
 *
 * @param {string} head
 */
function breakOf(head) {
  const pause = /^[^]{40,}[,;:–—،؛、，](?=\s|[^\x00-\u2fff])/.exec(head)?.[0].length;
  return pause ?? (head.lastIndexOf(' ') + 1 || head.replace(/[\uD800-\uDBFF]$/, '').length);
}
