import { el } from '../../dom.js';
import { BARE_ADDRESS, bareLink, labelledLink } from './links.js';

/** @typedef {(Node | string)[]} Nodes */

// Every alternative has a group of its own; `…|$` lets a mark that is still open count while a text arrives.
const TOKENS = RegExp(
  [
    '\\\\([!-/:-@[-`{-~])', // an escaped character
    '(`+)([^`]+?)(?:\\2|$)', // code
    '!?\\[([^\\]\\n]{0,200})\\]\\(<?([^\\s()<>]+(?:\\([^\\s()]*\\)[^\\s()<>]*)?)>?(?: "[^"\\n]*")?(?:\\)|$)', // a link
    '(?:\\*\\*|__)(?=\\S)([^]+?)(?:\\*\\*|__|$)', // strong
    '(?<![\\p{L}\\p{N}*])\\*(?=[^\\s*])([^*\\n]*?[^\\s*])\\*', // emphasis
    '(?<![\\p{L}\\p{N}_])_(?=[^\\s_])([^\\n]*?[^\\s_])_(?![\\p{L}\\p{N}_])', // emphasis
    '~~(?=\\S)(.+?)(?:~~|$)', // struck out
    '(<br ?/?>)',
    `(?:<(?=[^\\s<>]+>))?(${BARE_ADDRESS})>?`,
  ].join('|'),
  'giu',
);

/**
 * The marks within a line as elements: strong, emphasis, code and links. Markup of HTML stays text.
 *
 * @param {string} text
 * @returns {Nodes}
 */
export function inline(text) {
  /** @type {Nodes} */
  const nodes = [];
  let last = 0;
  for (const match of text.matchAll(TOKENS)) {
    nodes.push(text.slice(last, match.index), ...token(match));
    last = match.index + match[0].length;
  }
  return [...nodes, text.slice(last)];
}

/**
 * What a text says, without its marks.
 *
 * @param {string} text
 */
export function inlineText(text) {
  return el('p', {}, ...inline(text)).textContent ?? '';
}

/**
 * @param {RegExpMatchArray} match
 * @returns {Nodes}
 */
function token([whole, escaped, , code, label, target, strong, emphasis, underlined, struck, lineBreak, address]) {
  if (escaped) return [escaped];
  if (code) return [el('code', {}, code)];
  if (target) return [labelledLink(inlineText(label) || target, target)];
  if (strong) return [el('strong', {}, ...inline(strong))];
  if (emphasis || underlined) return [el('em', {}, ...inline(emphasis || underlined))];
  if (struck) return [el('s', {}, ...inline(struck))];
  if (lineBreak) return ['\n'];
  return address ? bareLink(address) : [whole];
}
