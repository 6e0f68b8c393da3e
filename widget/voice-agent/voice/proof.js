/** @import { Delta } from '../api/api.js' */

/** Shows the server that a text was said in a session: the answer so far, and the server's signature of it. */
export class Proof {
  /** @type {string | undefined} undefined before the first question */
  #sessionId;
  #answer = '';
  /** @type {string | undefined} */
  #ticket;

  /**
   * An answer begins, or begins again; returns what the question has to say for its deltas to be signed.
   *
   * @param {string} sessionId
   */
  begin(sessionId) {
    this.#sessionId = sessionId;
    this.#answer = '';
    this.#ticket = undefined;
    return { speech: true };
  }

  /** @param {Delta} delta the next piece of the answer */
  add({ text, ticket }) {
    this.#answer += text;
    this.#ticket = ticket;
  }

  /**
   * The headers of a request for speech or a transcript.
   *
   * @returns {Record<string, string>}
   */
  get headers() {
    return this.#sessionId ? { 'X-Session-Token': this.#sessionId } : {};
  }

  /** Fields for the body of a request for speech. */
  get fields() {
    return { answer: this.#answer, ticket: this.#ticket };
  }
}
