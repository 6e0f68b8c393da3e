import { ENDED, KEPT, read } from './tab-storage.js';

/** @typedef {Record<string, number>} Ended ids of sessions to be ended on the server, and when they expire */

/** @import { Amends } from './conversation/types.js' */

/** @typedef {{ question: string, id: string, amends?: Amends }} Unanswered a question, the id of its turn, and what it amends */

/**
 * @typedef {object} Kept what sessionStorage holds for one agent
 * @property {string} id
 * @property {number} [turns] the number of exchanges seen; undefined if nothing was ever asked
 * @property {string} [last] the id of the last turn whose answer was received
 * @property {Unanswered} [unanswered] the question that waits for its answer
 * @property {string} [visitor] the server's ticket for a visitor who was checked
 * @property {string | null} [expires] when the session expires, as the server has said it; null if it is not stored
 * @property {boolean} [owned] whether the conversation is in the history of a known visitor
 */

// Of an id; what is shorter is not ours.
const ID_LENGTH = 36;

// How long a page waits for the lock of its session. A reloaded page may still hold it for a moment.
const LOCK_MS = 400;

/** Makes a version 4 UUID. Pages without TLS have no `crypto.randomUUID`. */
function newId() {
  // A 0 becomes any digit, the 8 one of 8, 9, a and b.
  return '00000000-0000-4000-8000-000000000000'.replace(/[08]/g, (digit) =>
    (+digit + (crypto.getRandomValues(new Uint8Array(1))[0] % (16 - 1.5 * +digit))).toString(16),
  );
}

/** The session of this tab with one agent: its id, and the number of exchanges seen so far. */
export class Session {
  /**
   * The sessions of this page. An element that a framework replaces leaves its session to the next one.
   *
   * @type {Map<string, Session>}
   */
  static #ofPage = new Map();
  #apiUrl;
  /** @type {Kept | null} */
  #kept;
  /** @type {(() => void) | undefined} */
  #releaseLock;
  /** Resolves when it is known whether another tab has the session. */
  #locked;

  /** @param {string} apiUrl */
  constructor(apiUrl) {
    this.#apiUrl = apiUrl;
    this.#kept = keptFor(apiUrl);
    this.#locked = this.#lock();
    addEventListener('pagehide', () => this.#releaseLock?.());
    addEventListener('pageshow', ({ persisted }) => persisted && this.#lock());
  }

  /**
   * The session of this tab; without an id if there is none yet, or if another tab holds it.
   *
   * @param {string} apiUrl
   */
  static async resume(apiUrl) {
    const session = this.#ofPage.get(apiUrl) ?? new Session(apiUrl);
    this.#ofPage.set(apiUrl, session);
    await session.#locked;
    return session;
  }

  /**
   * The sessions of this tab that have to be ended on the server.
   *
   * @returns {Ended}
   */
  get ended() {
    return read(ENDED + this.#apiUrl) ?? {};
  }

  set ended(ended) {
    write(ENDED + this.#apiUrl, Object.keys(ended)[0] && ended);
  }

  /** The id, or undefined before `start()`. */
  get id() {
    return this.#kept?.id;
  }

  /**
   * What is known of the session; nothing before `start()`.
   *
   * @returns {Partial<Kept>}
   */
  get kept() {
    return this.#kept ?? {};
  }

  /**
   * Keeps what has become known of the session.
   *
   * @param {Partial<Kept>} news
   */
  update(news) {
    if (this.#kept) this.#keep({ ...this.#kept, ...news });
  }

  /**
   * Makes an id unless there is one, or goes on with one that was left.
   *
   * @param {Kept} [kept]
   */
  start(kept = { id: newId() }) {
    if (this.id) return;
    this.#keep(kept);
    this.#lock();
  }

  /** Makes an id, for a turn or for another session. */
  newId() {
    return newId();
  }

  /** Drops the id. */
  forget() {
    this.#releaseLock?.();
    this.#keep(null);
  }

  /**
   * Takes the lock of this id, or drops the id if another tab holds the lock. Duplicating a tab copies its
   * sessionStorage, but not its locks. Where the browser refuses locks or is too busy to grant one, the id is kept.
   */
  async #lock() {
    const { id } = this;
    if (!id || !navigator.locks) return;
    const name = `voice-agent:${id}`;
    const signal = AbortSignal.timeout(LOCK_MS);
    /** @type {(() => void) | undefined} */
    const release = await new Promise((resolve) => {
      const held = () => new Promise((done) => resolve(() => done(undefined)));
      navigator.locks.request(name, { signal }, held).catch(() => resolve(undefined));
    });
    const taken = !release && signal.aborted && (await isHeld(name));
    if (this.id !== id) release?.();
    else if (release) this.#releaseLock = release;
    else if (taken) this.#keep(null);
  }

  /** @param {Kept | null} kept */
  #keep(kept) {
    this.#kept = kept;
    write(KEPT + this.#apiUrl, kept);
  }
}

/**
 * Whether anybody holds the lock of this name.
 *
 * @param {string} name
 */
async function isHeld(name) {
  const { held } = await navigator.locks.query();
  return !!held?.some((lock) => lock.name === name);
}

/**
 * @param {string} apiUrl
 * @returns {Kept | null}
 */
function keptFor(apiUrl) {
  const kept = read(KEPT + apiUrl);
  return kept?.id?.length >= ID_LENGTH ? kept : null;
}

/**
 * @param {string} key
 * @param {unknown} value null to keep nothing
 */
function write(key, value) {
  try {
    if (value) sessionStorage.setItem(key, JSON.stringify(value));
    else sessionStorage.removeItem(key);
  } catch {
    // Storage is blocked: what is kept lasts as long as the page.
  }
}
