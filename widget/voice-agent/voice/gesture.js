// What browsers take for a visitor's permission to make sound.
const GESTURES = ['pointerup', 'keydown'];

/**
 * Calls `act` when the visitor taps or presses a key anywhere on the page.
 *
 * @param {() => void} act
 * @param {AddEventListenerOptions} options
 */
export function onGesture(act, options) {
  for (const type of GESTURES) addEventListener(type, act, { ...options, capture: true });
}
