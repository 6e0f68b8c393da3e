// Pages without TLS have no randomUUID.
export function newId() {
  const random = (most) => crypto.getRandomValues(new Uint8Array(1))[0] % most;
  return 'xxxxxxxx-xxxx-4xxx-yxxx-xxxxxxxxxxxx'.replace(/[xy]/g, (digit) => (digit === 'x' ? random(16) : 8 + random(4)).toString(16));
}

/** What one tab keeps for one API: an id, and how many turns it saw. */
export class Session {
  #key;
  #kept;
  #release;

  constructor(apiUrl) {
    this.#key = `voice-agent:${apiUrl}`;
    addEventListener('pagehide', () => this.#release?.());
    addEventListener('pageshow', ({ persisted }) => persisted && this.#hold());
  }

  static async resume(apiUrl) {
    const session = new Session(apiUrl);
    try {
      session.#kept = JSON.parse(sessionStorage.getItem(session.#key));
    } catch {}
    await session.#hold();
    return session;
  }

  get id() {
    return this.#kept?.id;
  }

  get turns() {
    return this.#kept?.turns;
  }

  set turns(turns) {
    this.#keep({ id: this.id, turns });
  }

  start() {
    if (this.id) return;
    this.#keep({ id: newId() });
    this.#hold();
  }

  forget() {
    this.#release?.();
    this.#keep(null);
  }

  // A duplicated tab copies sessionStorage, but not locks; a reloaded page may hold one a little longer.
  async #hold() {
    const { id } = this;
    if (!id || !navigator.locks) return;
    const release = await new Promise((resolve) => {
      const signal = AbortSignal.timeout(400);
      navigator.locks.request(`voice-agent:${id}`, { signal }, () => new Promise(resolve)).catch(() => resolve());
    });
    if (this.id !== id) release?.();
    else if (release) this.#release = release;
    else this.#keep(null);
  }

  // Storage may be blocked.
  #keep(kept) {
    this.#kept = kept;
    try {
      if (kept) sessionStorage.setItem(this.#key, JSON.stringify(kept));
      else sessionStorage.removeItem(this.#key);
    } catch {}
  }
}
