// Pages without TLS have no randomUUID.
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
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

  // A duplicated tab copies sessionStorage, but not locks. A page that is reloaded may hold one a little longer.
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
