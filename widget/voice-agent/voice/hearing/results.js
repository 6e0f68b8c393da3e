// Scripts without spaces between words.
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]$/u;

/**
 * The results of the browser's recognition as one text. Chrome on computers begins each with a space if it is a new one.
 * Chrome on Android repeats in each what those before it hold, perhaps with a better last word, and begins none with a
 * space.
 *
 * @param {string[]} results
 */
export function joinResults(results) {
  return results.reduce((text, result) => (repeats(text, result) ? result : joinTexts(text, result)), '').trim();
}

/**
 * Two texts that were said one after the other.
 *
 * @param {string} text
 * @param {string} more
 */
export function joinTexts(text, more) {
  const apart = !text || !more || /\s$/.test(text) || /^\s/.test(more) || UNSPACED.test(text);
  return `${text}${apart ? '' : ' '}${more}`;
}

/**
 * @param {string} text
 * @param {string} result
 */
function repeats(text, result) {
  if (/^\s/.test(result)) return false;
  const [said, more] = [words(text), words(result)];
  const last = said.pop() ?? '';
  if (more.length <= said.length || said.some((word, index) => word !== more[index])) return false;
  return said.length > 1 || more[said.length].startsWith(last);
}

/** @param {string} text */
function words(text) {
  return text.trim().toLowerCase().split(/\s+/);
}
