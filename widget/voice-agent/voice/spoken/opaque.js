/** The offset is not known before more of the text has arrived. */
export const UNKNOWN = -1;

// Code in a fence, code within a line, and a link. Longer ones are taken for text.
const FENCE = '(`{3,}(?=[^`\\n]*\\n)|~{3,})[^\\n]*';
const CLOSED_FENCE = RegExp(`${FENCE}\\n(?:[^]*?\\n)?[ \\t]*\\1[^\\n]*(?=\\n)`, 'y');
const CLOSED = /(`+)(?!`)[^\n]{0,300}?(?<!`)\1(?!`|$)|\[[^\]\n]{0,200}\]\((?:[^()\n]|\([^()\n]*\)){0,2000}\)/y;
const OPEN_FENCE = /`{3,}[^`\n]*(?:\n|$)|~{3,}/y;
const OPEN = /`+[^\n]{0,300}$|\[[^\]\n]{0,200}(?:\](?:\([^\n]{0,2000})?)?$/y;

/**
 * Where the code or the link ends that begins at `at`: a sentence does not end within, whatever punctuation it has.
 *
 * @param {string} text
 * @param {number} at
 * @param {boolean} lineStart whether only spaces precede it in its line
 * @returns {number} `at` if none begins there, or `UNKNOWN`
 */
export function opaqueEnd(text, at, lineStart) {
  if (lineStart && matches(OPEN_FENCE, text, at)) return matches(CLOSED_FENCE, text, at) || UNKNOWN;
  return matches(CLOSED, text, at) || (matches(OPEN, text, at) ? UNKNOWN : at);
}

/**
 * @param {RegExp} pattern
 * @param {string} text
 * @param {number} at
 * @returns {number} where the match ends; 0 without one
 */
function matches(pattern, text, at) {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : 0;
}
