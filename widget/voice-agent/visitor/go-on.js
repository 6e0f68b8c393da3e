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
export function goOnWith({ panel, session, transcript }, kept, messages) {
  panel.forget();
  session.start(kept);
  for (const { role, content, timestamp } of messages) transcript.add(role, content, new Date(timestamp));
  panel.refresh();
}
