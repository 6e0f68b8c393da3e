import { isGone } from '../gone.js';
import { closeSheet } from '../sheet.js';

/** @import { Session } from '../../session.js' */
/** @import { VisitorContext } from '../context.js' */

// Ten requests a minute, of the 30 that agents allow by default.
const POLL_MS = 6000;

/**
 * Until when sessions are watched, in milliseconds since 1970.
 *
 * @type {WeakMap<Session, number>}
 */
const watched = new WeakMap();

/**
 * Watches whether another device takes over the conversation, as long as a code is valid. If so, says it, and begins
 * anew.
 *
 * @param {VisitorContext} context
 * @param {string} news what the visitor is told
 * @param {number} until in milliseconds since 1970
 */
export async function watchForTakeOver(context, news, until) {
  const { session, api } = context;
  const { id = '' } = session;
  const running = watched.has(session);
  watched.set(session, until);
  if (running) return;
  while (Date.now() < (watched.get(session) ?? 0)) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    if (session.id !== id) break;
    if ((await isGone(api, id)) && session.id === id) beginAnew(context, news);
  }
  watched.delete(session);
}

/**
 * @param {VisitorContext} context
 * @param {string} news
 */
function beginAnew({ panel, layout, transcript }, news) {
  panel.forget();
  closeSheet(layout.panel);
  transcript.append('note', null, news);
  transcript.announce(news);
}
