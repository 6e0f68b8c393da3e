import { adopt } from '../../dom.js';
import { buildBlock, splitBlocks } from './blocks.js';
import { inlineText } from './inline.js';

const STYLE = `
.rich { white-space: normal }
.rich :is(p, li, blockquote, td, th) { white-space: pre-wrap }
.rich > * + * { margin-top: .6em }
.rich :is(ul, ol) { display: block; margin: 0; padding-inline-start: 1.5em; list-style: disc }
.rich ol { list-style: decimal }
.rich > :is(ul, ol):not(:first-child) { margin-top: .6em }
.rich blockquote { margin-inline: 0; padding-inline-start: .8em; border-inline-start: 3px solid var(--line) }
.rich :is(pre, table) { display: block; overflow-x: auto; margin-bottom: 0 }
.rich pre { margin-top: 0; padding: 8px 10px; border-radius: 8px; background: var(--soft); overflow-wrap: normal }
.rich a { unicode-bidi: isolate }
.rich code { font-size: .9em; direction: ltr; unicode-bidi: isolate }
.rich table { border-collapse: collapse }
.rich :is(td, th) { padding: 3px 8px; border: 1px solid var(--line); text-align: start; vertical-align: top }
`;
// Marks at the end of a text that is still arriving may become anything.
const LOOSE_END = /(?:!?\[[^\]\n]*(?:\](?:\([^)\n]*)?)?|(?:^|\n) {0,6}(?:[-+•>#|]+|\d{1,9}[.)]) *|[*_`~|\\]+)$/;

// A mark of emphasis whose counterpart has not arrived.
const OPEN_EMPHASIS = /(^|[\s(])[*_](?=[^\s*_][^*_\n]*$)/;

/** Shows Markdown as elements. Only what has changed since the last time is built again. */
export class Rich {
  #bubble;
  /** @type {string[]} */
  #shown = [];

  /** @param {HTMLElement} bubble */
  constructor(bubble) {
    this.#bubble = bubble;
    const root = /** @type {ShadowRoot} */ (bubble.getRootNode());
    if (!root.querySelector('.rich')) adopt(root, STYLE);
    bubble.classList.add('rich');
    bubble.replaceChildren();
  }

  /**
   * @param {string} text
   * @param {boolean} complete whether nothing more is to come
   */
  show(text, complete) {
    const blocks = splitBlocks(complete ? text : withoutOpenMarks(text));
    const sources = blocks.map(({ kind, lines }) => kind + lines.join('\n'));
    const changed = sources.findIndex((source, index) => source !== this.#shown[index]);
    const from = changed < 0 ? sources.length : changed;
    while (this.#bubble.childNodes.length > from) this.#bubble.lastChild?.remove();
    this.#bubble.append(...blocks.slice(from).map(buildBlock));
    this.#shown = sources;
  }

  /**
   * What screen readers are told of a sentence.
   *
   * @param {string} sentence
   */
  spoken(sentence) {
    return inlineText(sentence.replace(/^\s*(?:[-+•>#|*]+\s|\|)+|\|/g, ' '));
  }
}

/**
 * A text that is still arriving, without the marks that are not complete. Of a link, the label is left.
 *
 * @param {string} text
 */
function withoutOpenMarks(text) {
  const label = (/** @type {string} */ end) => /^!?\[([^\]]*)/.exec(end)?.[1] ?? '';
  return text.replace(LOOSE_END, label).replace(OPEN_EMPHASIS, '$1');
}
