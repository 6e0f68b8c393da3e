/** @typedef {{ id: string, turns?: number }} Kept what sessionStorage holds for one agent */

// Of an id; what is shorter is not ours.
const ID_LENGTH = 36;

// How long a page waits for the lock of its session. A reloaded page may still hold it for a moment.
const LOCK_MS = 400;

/** Makes a version 4 UUID. Pages without TLS have no `crypto.randomUUID`. */
function newId() {
  /** @param {number} count */
  const random = (count) => crypto.getRandomValues(new Uint8Array(1))[0] % count;
  return 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replace(/[xy]/g, (digit) =>
    (digit === 'x' ? random(16) : 8 + random(4)).toString(16),
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
  /** @type {string} */
  #key;
  /** @type {Kept | null} */
  #kept = null;
  /** @type {(() => void) | undefined} */
  #releaseLock;
  /** Resolves when it is known whether another tab has the session. */
  #locked;

  /** @param {string} apiUrl */
  constructor(apiUrl) {
    this.#key = storageKey(apiUrl);
    this.#kept = read(this.#key);
    this.#locked = this.#lock();
    addEventListener('pagehide', () => this.#releaseLock?.());
    addEventListener('pageshow', ({ persisted }) => persisted && this.#lock());
  }

  /**
   * Whether this tab has a session with the agent.
   *
   * @param {string} apiUrl
   */
  static isKept(apiUrl) {
    return !!(this.#ofPage.get(apiUrl)?.id ?? read(storageKey(apiUrl)));
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

  /** The id, or undefined before `start()`. */
  get id() {
    return this.#kept?.id;
  }

  /** The number of exchanges seen; undefined if nothing was ever asked. */
  get turns() {
    return this.#kept?.turns;
  }

  set turns(turns) {
    if (this.#kept) this.#keep({ id: this.#kept.id, turns });
  }

  /** Makes an id unless there is one. */
  start() {
    if (this.id) return;
    this.#keep({ id: newId() });
    this.#lock();
  }

  /** Makes an id for a turn. */
  newTurnId() {
    return newId();
  }

  /** Drops the id. */
  forget() {
    this.#releaseLock?.();
    this.#keep(null);
  }

  /**
   * Takes the lock of this id, or drops the id if another tab holds the lock. Duplicating a tab copies its
   * sessionStorage, but not its locks. Where the browser refuses locks, the id is kept.
   */
  async #lock() {
    const { id } = this;
    if (!id || !navigator.locks) return;
    const signal = AbortSignal.timeout(LOCK_MS);
    /** @type {(() => void) | undefined} */
    const release = await new Promise((resolve) => {
      const held = () => new Promise((done) => resolve(() => done(undefined)));
      navigator.locks.request(`voice-agent:${id}`, { signal }, held).catch(() => resolve(undefined));
    });
    if (this.id !== id) release?.();
    else if (release) this.#releaseLock = release;
    else if (signal.aborted) this.#keep(null);
  }

  /** @param {Kept | null} kept */
  #keep(kept) {
    this.#kept = kept;
    try {
      if (kept) sessionStorage.setItem(this.#key, JSON.stringify(kept));
      else sessionStorage.removeItem(this.#key);
    } catch {
      // Storage is blocked: the session lasts as long as the page.
    }
  }
}

/** @param {string} apiUrl */
function storageKey(apiUrl) {
  return `voice-agent:${apiUrl}`;
}

/**
 * @param {string} key
 * @returns {Kept | null}
 */
function read(key) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(key) ?? 'null');
    return kept?.id?.length >= ID_LENGTH ? kept : null;
  } catch {
    return null;
  }
}
