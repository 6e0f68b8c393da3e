import { el } from '../../dom.js';
import { inline } from './inline.js';

/** @import { Nodes } from './inline.js' */

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const RULE = /^ {0,3}([-*_])( *\1){2,} *$/;
const HEADING = /^ {0,3}#{1,6}(?: +(.*?))?(?: +#+)? *$/;
const ITEM = /^( *)([-*+•]|\d{1,9}[.)]) +(.*)$/;
const QUOTE = /^ {0,3}> ?/;
const DELIMITER = /^ *\|?( *:?-+:? *\|)+( *:?-+:?)? *\|? *$/;
const TABLE_ROW = /^ *\|/;

/** @typedef {'code' | 'list' | 'quote' | 'table' | 'heading' | 'text'} Kind */
/** @typedef {{ kind: Kind, lines: string[] }} Block */

/**
 * Cuts a Markdown text into blocks.
 *
 * @param {string} text
 * @returns {Block[]}
 */
export function splitBlocks(text) {
  /** @type {Block[]} */
  const blocks = [];
  let open = false;
  let fence = '';
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    const block = blocks[blocks.length - 1];
    if (fence) {
      if (line.trim().startsWith(fence)) fence = '';
      else block.lines.push(line);
      continue;
    }
    const kind = kindOf(line, lines[index + 1] ?? '', open ? block.kind : null);
    fence = kind === 'code' ? (FENCE.exec(line)?.[1] ?? '') : '';
    const continues = open && kind === block?.kind && kind !== 'heading' && kind !== 'code';
    if (kind && !continues) blocks.push({ kind, lines: kind === 'code' ? [] : [line] });
    else if (kind) block.lines.push(line);
    open = !!kind && kind !== 'code';
  }
  return blocks;
}

/**
 * The kind of block that a line belongs to; null for a line that shows nothing.
 *
 * @param {string} line
 * @param {string} next
 * @param {Kind | null} before the block that it may continue
 * @returns {Kind | null}
 */
function kindOf(line, next, before) {
  if (!line.trim() || RULE.test(line)) return null;
  if (FENCE.test(line)) return 'code';
  if (HEADING.test(line)) return 'heading';
  if (TABLE_ROW.test(line) || (before === 'table' && line.includes('|'))) return 'table';
  if (line.includes('|') && DELIMITER.test(next)) return 'table';
  if (QUOTE.test(line)) return 'quote';
  if (ITEM.test(line) || (before === 'list' && /^ /.test(line))) return 'list';
  return 'text';
}

/**
 * Builds the element of a block.
 *
 * @param {Block} block
 * @returns {HTMLElement}
 */
export function buildBlock({ kind, lines }) {
  if (kind === 'code') return el('pre', { tabindex: 0 }, el('code', {}, lines.join('\n')));
  if (kind === 'list') return buildList(lines.map(parseItem));
  if (kind === 'table') return buildTable(lines.filter((line) => !DELIMITER.test(line)));
  if (kind === 'heading') return el('p', {}, el('strong', {}, ...inline(HEADING.exec(lines[0])?.[1] ?? '')));
  if (kind === 'text') return el('p', {}, ...inline(lines.join('\n')));
  const quoted = splitBlocks(lines.map((line) => line.replace(QUOTE, '')).join('\n'));
  return el('blockquote', {}, ...quoted.map(buildBlock));
}

/** @typedef {{ indent: number, number: number | null, text: string, continues: boolean }} Item */

/**
 * @param {string} line
 * @returns {Item}
 */
function parseItem(line) {
  const [, spaces, marker, text] = ITEM.exec(line) ?? ['', '', '', line.trim()];
  return { indent: spaces.length, number: marker ? parseInt(marker) : null, text, continues: !marker };
}

/**
 * @param {Item[]} items
 * @returns {HTMLElement}
 */
function buildList(items) {
  const [{ indent, number }] = items;
  const list = Number.isNaN(number) ? el('ul') : el('ol', { start: number ?? 1 });
  for (let at = 0; at < items.length; ) {
    const { text } = items[at];
    const from = (at += 1);
    while (at < items.length && (items[at].continues || items[at].indent > indent)) at += 1;
    const inner = items.slice(from, at);
    const nested = inner.filter((item) => !item.continues);
    const more = inner.filter((item) => item.continues).map((item) => `\n${item.text}`);
    list.append(el('li', {}, ...inline(text + more.join('')), ...(nested.length ? [buildList(nested)] : [])));
  }
  return list;
}

/** @param {string[]} lines */
function buildTable([head = '', ...rows]) {
  /** @type {(line: string, tag: 'th' | 'td') => HTMLElement} */
  const row = (line, tag) => {
    const cells = line.trim().replace(/^\||(?<!\\)\|$/g, '').split(/(?<!\\)\|/);
    return el('tr', {}, ...cells.map((cell) => el(tag, {}, ...inline(cell.replaceAll('\\|', '|').trim()))));
  };
  return el('table', {}, row(head, 'th'), ...rows.map((line) => row(line, 'td')));
}
