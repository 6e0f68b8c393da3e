/** @import { Session } from '../session.js' */
/** @import { Identity } from '../visitor/identity/identity.js' */

const DEFAULT_SECONDS = 60;

/**
 * The first requests of a panel. The launcher sends them while the code of the panel is still on its way.
 *
 * @typedef {object} Opening
 * @property {Promise<Response>} config
 * @property {Promise<Response | undefined>} [history] undefined if nothing was asked in this session
 */

/** Sends requests to one agent. */
export class Connection {
  #apiUrl;
  #seconds;
  /** @type {(() => Promise<Identity>) | undefined} loads who the visitor is, if the page has said it */
  identity;

  /**
   * @param {string} apiUrl
   * @param {number} seconds that one request may take; the default if it is not a number
   */
  constructor(apiUrl, seconds) {
    this.#apiUrl = apiUrl;
    this.#seconds = Math.abs(seconds) || DEFAULT_SECONDS;
  }

  /**
   * Sends one request. It is aborted when its time is up, or when `stop` is; both also end reading the body.
   *
   * @param {string} path
   * @param {RequestInit} [init]
   * @param {AbortSignal} [stop]
   */
  send(path, init, stop) {
    const timeout = AbortSignal.timeout(this.#seconds * 1000);
    const signal = stop ? AbortSignal.any([timeout, stop]) : timeout;
    const url = this.#apiUrl + path;
    /** @type {RequestInit} */
    const request = { ...init, signal, credentials: 'omit' };
    return this.identity ? this.identity().then(({ send }) => send(url, request)) : fetch(url, request);
  }

  /**
   * Sends a request about a session. Ids are never part of an address.
   *
   * @param {string} id
   * @param {RequestInit} [init]
   */
  sendSession(id, init) {
    return this.send('/session', { ...init, headers: { 'X-Session-Token': id } });
  }

  /**
   * Sends the first requests of a panel.
   *
   * @param {Promise<Session>} [session] that of this tab, if it has one
   * @returns {Opening}
   */
  startOpening(session) {
    const config = this.send('/config');
    const history = session?.then(({ kept: { id, turns } }) => (id && turns !== undefined ? this.sendSession(id) : undefined));
    // The panel reports failures; without this, browsers would call them unhandled until it is loaded.
    for (const request of [config, history]) request?.catch(() => {});
    return { config, history };
  }
}
