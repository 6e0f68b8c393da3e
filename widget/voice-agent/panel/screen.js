// On small screens the panel covers the page.
const SMALL = '(max-width: 480px), (max-height: 480px)';

/** Whether the panel covers the page. */
export function coversPage() {
  return matchMedia(SMALL).matches;
}

/** Whether focusing a text field raises an on-screen keyboard. */
export function hasOnScreenKeyboard() {
  return matchMedia('(pointer: coarse)').matches;
}

/**
 * Keeps the panel within what the on-screen keyboard leaves visible; on iOS only the visual viewport tells.
 *
 * @param {HTMLElement} panel
 * @param {AbortSignal} signal ends it
 */
export function fitToViewport(panel, signal) {
  const viewport = window.visualViewport;
  if (!viewport) return;
  const fit = () => {
    panel.style.setProperty('--height', `${viewport.height}px`);
    panel.style.setProperty('--top', `${viewport.offsetTop}px`);
    panel.ariaModal = String(coversPage());
  };
  for (const type of ['resize', 'scroll']) viewport.addEventListener(type, fit, { signal });
  fit();
}
