// On small screens the panel covers the page.
const SMALL = '(max-width: 480px), (max-height: 480px)';

/** Whether focusing a text field raises an on-screen keyboard. */
export function hasOnScreenKeyboard() {
  return matchMedia('(pointer: coarse)').matches;
}

/**
 * Adapts the panel to small screens, as soon as the screen is one.
 *
 * @param {HTMLElement} panel
 * @param {AbortSignal} signal ends it
 * @param {() => void} hide
 */
export function adaptToScreen(panel, signal, hide) {
  const small = matchMedia(SMALL);
  const adapt = async () => {
    if (!small.matches) return;
    const { coverPage } = await import('./small-screen.js');
    small.removeEventListener('change', adapt);
    if (!signal.aborted) coverPage(panel, small, signal, hide);
  };
  small.addEventListener('change', adapt, { signal });
  adapt().catch(() => {});
}
