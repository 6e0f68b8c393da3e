/** @import { Launcher } from '../launcher/launcher.js' */
/** @import { Layout } from './layout.js' */

// What browsers report for keys that an input method handles.
const COMPOSING = 229;
// Keys in the panel are not the page's business.
const CONTAINED = ['keydown', 'keypress', 'keyup'];

/**
 * Keeps the keys of the panel from the page, whose shortcuts are quiet while somebody types. Keys with Ctrl or the
 * command key reach the page; AltGr counts as Ctrl and Alt.
 * A key comes with its default prevented when the page, which listens while capturing, has swallowed it.
 *
 * @param {Launcher} launcher
 * @param {(event: KeyboardEvent) => boolean} useKey is given the keys that are pressed; whether one was of use
 */
export function containEvents(launcher, useKey) {
  const contain = (/** @type {any} */ event) => {
    const { type, ctrlKey, metaKey, altKey } = event;
    if (!launcher.expanded) return;
    if (type === 'keydown' && useKey(event)) event.preventDefault();
    else if ((ctrlKey || metaKey) && !altKey) return;
    event.stopPropagation();
  };
  for (const type of CONTAINED) launcher.root.addEventListener(type, contain);
}

/**
 * The key that was pressed, unless it is the input method's, or starts a new line.
 *
 * @param {KeyboardEvent} event
 */
export function pressedKey({ key, shiftKey, isComposing, keyCode }) {
  const ignored = isComposing || keyCode === COMPOSING || (key === 'Enter' && shiftKey);
  return ignored ? null : key;
}

/**
 * Uses a key that was pressed in the panel.
 *
 * @param {KeyboardEvent} event
 * @param {{ layout: Layout, submit: () => void, escape: () => void }} keys
 * @returns {boolean} whether it was of use
 */
export function useKey(event, { layout, submit, escape }) {
  const key = pressedKey(event);
  const typed = event.target === layout.input;
  if (typed && key === 'Enter') submit();
  else if (key === 'Escape') escape();
  else if (typed && event.defaultPrevented && key?.length === 1) document.execCommand('insertText', false, key);
  else return false;
  return true;
}
