import { hideOnBack } from './back.js';

const FOCUSABLE = 'button, a, input, textarea, [tabindex="0"]';

/**
 * Adapts a panel that covers the page: it stays within what an on-screen keyboard leaves visible, Tab moves from
 * one end of it to the other, and Back hides it.
 *
 * @param {HTMLElement} panel
 * @param {MediaQueryList} small whether it covers the page at the moment
 * @param {AbortSignal} signal ends it
 * @param {() => void} hide
 */
export function coverPage(panel, small, signal, hide) {
  fitToViewport(panel, small, signal);
  hideOnBack(panel, small, signal, hide);
  panel.addEventListener('keydown', (event) => small.matches && wrapFocus(panel, event), { signal });
}

/**
 * Keeps the panel within the visual viewport; on iOS nothing else tells of the keyboard.
 *
 * @param {HTMLElement} panel
 * @param {MediaQueryList} small
 * @param {AbortSignal} signal
 */
function fitToViewport(panel, small, signal) {
  const viewport = window.visualViewport;
  if (!viewport) return;
  const fit = () => {
    panel.style.setProperty('--height', `${viewport.height}px`);
    panel.style.setProperty('--top', `${viewport.offsetTop}px`);
    panel.ariaModal = String(small.matches);
  };
  for (const type of ['resize', 'scroll']) viewport.addEventListener(type, fit, { signal });
  small.addEventListener('change', fit, { signal });
  fit();
}

/**
 * Moves the focus from one end of the panel to the other.
 *
 * @param {HTMLElement} panel
 * @param {KeyboardEvent} event
 */
function wrapFocus(panel, event) {
  if (event.key !== 'Tab') return;
  const all = /** @type {NodeListOf<HTMLElement>} */ (panel.querySelectorAll(FOCUSABLE));
  const stops = [...all].filter((stop) => stop.checkVisibility());
  const ends = [stops[0], stops[stops.length - 1]];
  const [first, last] = event.shiftKey ? ends.reverse() : ends;
  if (/** @type {ShadowRoot} */ (panel.getRootNode()).activeElement !== last) return;
  event.preventDefault();
  first.focus();
}
