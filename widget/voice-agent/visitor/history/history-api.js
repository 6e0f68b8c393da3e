/** @import { Api, History } from '../../api/api.js' */

/**
 * @typedef {object} Summary of a conversation
 * @property {string} id
 * @property {string} title
 * @property {number} turns
 * @property {string} updatedAt
 * @property {string} expiresAt
 *
 * @typedef {{ conversations: Summary[], next: string | null }} Page of a list, newest first
 */

const PAGE_SIZE = 20;
const JSON_BODY = { 'Content-Type': 'application/json' };

/** The conversations of a known visitor. Every method rejects with an `ApiError`, or with the signal's reason. */
export class HistoryApi {
  #api;
  #signal;

  /**
   * @param {Api} api
   * @param {AbortSignal} signal ends all requests
   */
  constructor(api, signal) {
    this.#api = api;
    this.#signal = signal;
  }

  /**
   * A page of the list.
   *
   * @param {string} text only conversations in which it is found; '' for all. It is not part of an address
   * @param {string | null} [cursor] the `next` of the page before
   * @returns {Promise<Page>}
   */
  list(text, cursor) {
    if (text) return this.#send('POST', '/search', { text, limit: PAGE_SIZE, ...(cursor && { cursor }) });
    const query = new URLSearchParams({ limit: String(PAGE_SIZE), ...(cursor && { cursor }) });
    return this.#send('GET', `?${query}`);
  }

  /**
   * Lets a new session go on with a conversation; its last messages.
   *
   * @param {string} id
   * @param {string} sessionId
   * @returns {Promise<Summary & Pick<History, 'messages'>>}
   */
  goOn(id, sessionId) {
    return this.#send('POST', `/${id}/sessions`, { sessionId });
  }

  /**
   * @param {string} id
   * @param {string} title
   * @returns {Promise<Summary>}
   */
  rename(id, title) {
    return this.#send('PATCH', `/${id}`, { title });
  }

  /**
   * Deletes a conversation, or all of them and whatever else is stored about the visitor.
   *
   * @param {string} [id]
   */
  remove(id) {
    return this.#send('DELETE', id ? `/${id}` : '', undefined, () => null);
  }

  /** Everything that is stored about the visitor, as a file. */
  exportAll() {
    return this.#send('GET', '/export', undefined, (response) => response.blob());
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {unknown} [content]
   * @param {(response: Response) => any} [read]
   */
  #send(method, path, content, read) {
    const body = content ? { headers: JSON_BODY, body: JSON.stringify(content) } : {};
    return this.#api.request(`/conversations${path}`, { method, ...body }, read, this.#signal);
  }
}
