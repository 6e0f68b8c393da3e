// Pressed for longer, a button works until it is released; otherwise until it is pressed again.
const HOLD_MS = 350;

/**
 * @typedef {object} PressActions
 * @property {() => void} down
 * @property {(held: boolean, at: number) => void} up `at` is on the page's clock
 */

/**
 * Listeners for a button that is held or tapped: with the pointer, with a key, and by what only clicks, such
 * as a screen reader.
 *
 * @param {PressActions} actions
 */
export function pressListeners(actions) {
  /** @type {number | null} */
  let since = null;
  /** @param {Event} event */
  const down = ({ timeStamp }) => {
    since = timeStamp;
    actions.down();
  };
  /** @param {Event} event */
  const up = ({ timeStamp }) => {
    if (since === null) return;
    const held = timeStamp - since > HOLD_MS;
    since = null;
    actions.up(held, timeStamp);
  };
  /** @param {(event: KeyboardEvent) => void} act */
  const onKey = (act) => (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== ' ' && event.key !== 'Enter') return;
    event.preventDefault();
    if (!event.repeat) act(event);
  };
  return {
    onpointerdown: (/** @type {PointerEvent} */ event) => {
      if (event.button) return;
      /** @type {HTMLElement} */ (event.currentTarget).setPointerCapture(event.pointerId);
      down(event);
    },
    onpointerup: up,
    onpointercancel: up,
    onkeydown: onKey(down),
    onkeyup: onKey(up),
    onblur: up,
    onclick: (/** @type {PointerEvent} */ event) => {
      // Clicks of a pointer or a key were handled above.
      if (event.detail || event.pointerType) return;
      down(event);
      up(event);
    },
  };
}
