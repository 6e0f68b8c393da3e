/** @import { VoiceAgentElement } from '../element.js' */

// How many buttons are nearer to the corner.
const PLACE = '--agent-place';

/**
 * Puts the floating buttons of elements in one corner beside each other, in the order of the document, and has one
 * panel open at a time.
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
    // The style sheet leaves out the word on buttons that have a place: there is no room for two.
    if (elements.length > 1) element.style.setProperty(PLACE, String(taken[corner]));
    else element.style.removeProperty(PLACE);
  }
  document.addEventListener('voice-agent:open', hideOthers);
}

/** @param {Event} event */
function hideOthers({ target }) {
  const opened = /** @type {VoiceAgentElement} */ (target);
  const elements = /** @type {NodeListOf<VoiceAgentElement>} */ (document.querySelectorAll(opened.localName));
  for (const element of elements) if (element !== opened && element.isOpen) element.minimize();
}
