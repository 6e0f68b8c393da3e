// What browsers report for keys that an input method handles.
const COMPOSING = 229;

/**
 * The key that was pressed, unless it is the input method's, or starts a new line.
 *
 * @param {KeyboardEvent} event
 */
export function pressedKey({ key, shiftKey, isComposing, keyCode }) {
  const ignored = isComposing || keyCode === COMPOSING || (key === 'Enter' && shiftKey);
  return ignored ? null : key;
}
