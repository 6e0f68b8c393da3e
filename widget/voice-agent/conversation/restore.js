/** @import { Api, History } from '../api/api.js' */
/** @import { Connection } from '../api/connection.js' */
/** @import { ApiError } from '../api/errors.js' */
/** @import { Session, Unanswered } from '../session.js' */
/** @import { Transcript } from '../transcript/transcript.js' */
/** @import { Notices } from './notices.js' */

/** @typedef {{ connection: Connection, session: Session, api: Api, transcript: Transcript }} Parts */

/**
 * Shows what the server kept of the session; if it has expired, another one begins. Returns the question that was
 * asked on an earlier page and is not answered yet.
 *
 * @param {Parts} parts
 * @param {Notices} notices
 * @param {Promise<Response | undefined>} [started] the request, if it was sent already
 * @returns {Promise<Unanswered | undefined>}
 */
export async function restore({ connection, session, api, transcript }, notices, started) {
  const { id, turns, unanswered, owned } = session.kept;
  if (!id || turns === undefined) return;
  const request = /** @type {Promise<Response>} */ (started) ?? connection.sendSession(id);
  /** @type {History | null} */
  const stored = await api.read(request).catch(nullIfGone);
  // Another visitor may have signed in, or the conversation have ended, in the meantime.
  if (session.id !== id) return;
  // What a known visitor has said is for nobody else.
  if (!stored && owned) return void session.forget();
  for (const message of stored?.messages ?? []) {
    transcript.add(message.role, message.content, new Date(message.timestamp));
    await notices.comment(message, { offer: message === stored?.messages.at(-1) });
  }
  if (stored) session.update({ turns: stored.turn, expires: stored.expiresAt });
  else if (turns) await renew(session, notices);
  if (!unanswered || !stored || stored.turn <= turns) return unanswered;
  session.update({ last: unanswered.id, unanswered: undefined });
}

/**
 * Null if the session has expired or was closed, or is another visitor's; throws any other error.
 *
 * @param {ApiError} error
 */
function nullIfGone(error) {
  if (/^session_(not_found|closed)$|_of_another$/.test(error.code)) return null;
  throw error;
}

/**
 * Goes on in a new session, and says so.
 *
 * @param {Session} session
 * @param {Notices} notices
 * @param {Node | null} [item] the note is put before it
 */
export async function renew(session, notices, item) {
  const { owned } = session.kept;
  session.forget();
  session.start();
  session.update({ turns: 0, owned });
  await notices.note('expired', item);
}
