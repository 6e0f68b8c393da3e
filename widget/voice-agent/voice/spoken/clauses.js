/** Where a text that is too long for one go is cut, from the best place to the worst. */
const PLACES = [
  /^[^]*(?:[.!?;:–—]+["'”’»)\]*_]*\s|[。！？；：؛])/, // the end of a clause
  /^[^]*(?:[,،]["'”’»)\]*_]*\s|[、，])/, // a comma
  /^[^]*\s/, // a space
];
// Cutting off less would leave a part that sounds chopped off.
const MIN_SHARE = 1 / 3;

/**
 * @param {string} text longer than `limit`
 * @param {number} limit how many characters a part may have
 * @returns {number} how many the first part has
 */
export function clauseCut(text, limit) {
  for (const place of PLACES) {
    const end = place.exec(text.slice(0, limit))?.[0].length ?? 0;
    if (end > limit * MIN_SHARE) return end;
  }
  // Between two words of a script without spaces, or at least between two characters.
  const words = new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text.slice(0, limit + 1));
  const begin = words.containing(limit)?.index ?? 0;
  if (begin > limit * MIN_SHARE) return begin;
  return /[\uDC00-\uDFFF]/.test(text[limit]) ? limit + 1 : limit;
}
