/** What the page around the widget says about the visitor, and about other devices. */

import { Identity } from './identity/identity.js';

/** @import { Connection } from '../api/connection.js' */
/** @import { VoiceAgentElement } from '../element.js' */
/** @import { Session } from '../session.js' */
/** @import { TokenSource } from './identity/identity.js' */

/** @typedef {{ source: TokenSource, host: VoiceAgentElement, session: () => Promise<Session>, forget: () => void }} Said by the page */

const FRAGMENT = /^#voice-agent=([\w-]+)/;

/** @type {WeakMap<Connection, { identity: Identity, said: Said | null }>} with what the page has said last */
const identities = new WeakMap();

/**
 * Who the visitor is. What the page says is listened to once.
 *
 * @param {Connection} connection
 * @param {Said} said
 */
export async function recognize(connection, said) {
  const known = identities.get(connection) ?? { identity: newIdentity(said), said: null };
  identities.set(connection, known);
  if (known.said === said) return known.identity;
  known.said = said;
  await known.identity.use(said.source);
  said.host.dispatchEvent(new Event('identify'));
  return known.identity;
}

/** @param {Said} said */
function newIdentity({ host, session, forget }) {
  const badge = /** @type {HTMLElement | null | undefined} */ (host.shadowRoot?.querySelector('.badge'));
  const identity = new Identity(host.apiUrl, session, () => badge?.toggleAttribute('hidden', true));
  identity.addEventListener('leave', forget);
  return identity;
}

/**
 * Takes the code of another device from the page's address, and has the panel ask whether to go on here.
 *
 * @param {VoiceAgentElement} host
 */
export async function arrive(host) {
  const [, detail] = location.hash.match(FRAGMENT) ?? [];
  if (!detail) return;
  history.replaceState(history.state, '', location.pathname + location.search);
  await host.open();
  host.dispatchEvent(new CustomEvent('code', { detail }));
}
