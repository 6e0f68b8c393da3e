/** @import { History } from '../api/api.js' */
/** @import { Kept } from '../session.js' */
/** @import { VisitorContext } from './context.js' */

/**
 * Goes on with a stored conversation in the place of the one that is shown.
 *
 * @param {VisitorContext} context
 * @param {Kept} kept its session
 * @param {History['messages']} messages
 */
export async function goOnWith({ conversation, panel, session, transcript }, kept, messages) {
  panel.forget();
  session.start(kept);
  for (const message of messages) {
    transcript.add(message.role, message.content, new Date(message.timestamp));
    await conversation.notices.comment(message, { offer: message === messages.at(-1) });
  }
  panel.refresh();
}
