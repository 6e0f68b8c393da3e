/** What is loaded when a visitor wants it. */

/** @import { Conversation } from '../conversation/conversation.js' */
/** @import { Parts as MenuParts } from './menu.js' */
/** @import { Parts as UndoParts } from './undo.js' */

/**
 * Opens the menu.
 *
 * @param {MenuParts} parts
 */
export function openMenu(parts) {
  const { layout, transcript } = parts;
  const fail = () => (layout.failure.textContent = transcript.texts.unreachable);
  import('./menu.js').then(({ toggleMenu }) => toggleMenu(parts)).catch(fail);
}

/**
 * Leaves the conversation, which ends unless the visitor wants it back.
 *
 * @param {UndoParts} parts
 * @param {Conversation} conversation
 * @param {() => void} open
 */
export function leave(parts, conversation, open) {
  const left = conversation.leave();
  conversation.settled().then(() => {
    const restore = parts.transcript.clear();
    const undo = () => {
      left.resume();
      restore();
      open();
    };
    import('./undo.js').then(({ offerUndo }) => offerUndo(parts, left, undo)).catch(left.end);
  });
  return left;
}
