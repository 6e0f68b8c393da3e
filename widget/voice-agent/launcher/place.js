// How many buttons are nearer to the corner.
const PLACE = '--agent-place';

/**
 * Puts the floating buttons of elements in one corner beside each other, in the order of the document.
 *
 * @param {string} tag
 */
export function placeBeside(tag) {
  const elements = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(tag));
  /** @type {Record<string, number>} */
  const taken = {};
  for (const element of elements) {
    const corner = element.getAttribute('placement') === 'bottom-start' ? 'start' : 'end';
    taken[corner] = (taken[corner] ?? -1) + 1;
    if (taken[corner]) element.style.setProperty(PLACE, String(taken[corner]));
    else element.style.removeProperty(PLACE);
  }
}
