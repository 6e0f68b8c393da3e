import { KEPT, read } from '../../tab-storage.js';
import { subjectOf } from './subject.js';

/** @import { Session } from '../../session.js' */

/** @typedef {string | null | undefined} Token an identity token that the website has signed, or nothing */
/** @typedef {Token | (() => Token | Promise<Token>)} TokenSource a token, or a function that obtains a fresh one */

/**
 * Who the visitor is, according to the website. The token is kept in memory only, and sent only as
 * `Authorization` to the agent. Tabs tell each other who is signed in, so that signing out takes effect in all.
 *
 * There are two events: `change` if the visitor has become known, unknown or another one, and before that `leave` if
 * what was said until then must not be shown any more.
 */
export class Identity extends EventTarget {
  #key;
  #session;
  #onLeave;
  #channel;
  /** @type {Token} */
  #token;
  /** @type {(() => Token | Promise<Token>) | undefined} */
  #obtain;
  /** @type {Promise<Token> | null} a token is being obtained */
  #obtaining = null;
  #told = false;

  /**
   * @param {string} apiUrl
   * @param {() => Promise<Session>} session loads that of this tab
   * @param {() => void} onLeave is called when a conversation has been forgotten
   */
  constructor(apiUrl, session, onLeave) {
    super();
    this.#key = KEPT + apiUrl;
    this.#session = session;
    this.#onLeave = onLeave;
    this.#channel = openChannel(`voice-agent:${apiUrl}`);
    if (this.#channel) this.#channel.onmessage = ({ data }) => this.#hear(data);
  }

  /** Whether the website says who the visitor is. */
  get known() {
    return !!this.#token;
  }

  /**
   * Takes what the website says.
   *
   * @param {TokenSource} source a function is called when a token is needed, and again when it has expired
   */
  async use(source) {
    const isFunction = typeof source === 'function';
    const another = isFunction && this.#token && this.#obtain && this.#obtain !== source;
    this.#obtain = isFunction ? source : source ? this.#obtain : undefined;
    if (!isFunction) await this.#become(source);
    // It may be somebody else's.
    else if (another) await this.#become(await this.#ask());
  }

  /**
   * The token, obtained from the website if need be.
   *
   * @returns {Promise<Token>}
   */
  async token() {
    return this.#token || (this.#obtain && this.#renew());
  }

  /**
   * Sends a request as the visitor. If the token has expired, another is obtained, and the request is repeated.
   *
   * @param {string} url
   * @param {RequestInit} init
   */
  send = async (url, init) => {
    // What it answers is the same for everybody.
    if (url.endsWith('/config')) return fetch(url, init);
    const stopped = rejectWith(init.signal);
    const token = await Promise.race([this.token(), stopped]);
    const response = await authorized(url, init, token);
    if (!token || response.status !== 401) return response;
    const { code } = await response.clone().json().catch(() => ({}));
    const fresh = code === 'identity_expired' && (await Promise.race([this.#renew(token), stopped]));
    const again = fresh ? await authorized(url, init, fresh) : response;
    if (again.status !== 401) return again;
    return (await this.#giveUp(url, code)) ? fetch(url, init) : again;
  };

  /** Goes on without an identity: the agent does not know accounts. */
  ignore() {
    if (this.#token || this.#obtain) this.#tellOwner('warn', 'accounts_off');
    this.#obtain = undefined;
    this.#token = null;
  }

  /**
   * Obtains a token from the website, unless that has happened since `stale` was used.
   *
   * @param {Token} [stale]
   * @returns {Promise<Token>} nothing if there is none, or if it is somebody else's
   */
  async #renew(stale) {
    if (this.#token !== stale) return this.#token;
    const subject = subjectOf(stale);
    this.#obtaining ??= this.#ask().finally(() => (this.#obtaining = null));
    const token = await this.#obtaining;
    return !stale || subjectOf(token) === subject ? token : null;
  }

  async #ask() {
    const obtain = this.#obtain;
    try {
      const token = await obtain?.();
      // Signed out, or given another function, in the meantime.
      if (obtain !== this.#obtain) return this.#token;
      if (token) await this.#become(token);
      return token;
    } catch (error) {
      console.error('voice-agent: no identity token could be obtained.', error);
      return null;
    }
  }

  /** @param {Token} token */
  async #become(token) {
    const before = subjectOf(this.#token);
    const subject = subjectOf(token);
    this.#token = token;
    if (before ? before !== subject : !subject) await this.#leave(!!before);
    this.#channel?.postMessage(subject);
    if (before !== subject) this.dispatchEvent(new Event('change'));
  }

  /** @param {string | null} subject who is signed in, as another tab says */
  async #hear(subject) {
    const before = subjectOf(this.#token);
    if (before ? before === subject : subject) return;
    if (before) this.#obtain = undefined;
    this.#token = null;
    await this.#leave(!!before);
    if (before) this.dispatchEvent(new Event('change'));
  }

  /**
   * Forgets the conversation of whoever was signed in.
   *
   * @param {boolean} here whether somebody was, in this tab; else an earlier page may have left a conversation
   */
  async #leave(here) {
    if (here) this.dispatchEvent(new Event('leave'));
    const kept = read(this.#key);
    if (!kept || (!here && !kept.owned)) return;
    (await this.#session()).forget();
    this.#onLeave();
  }

  /**
   * The agent does not accept the token. Goes on without it if that loses nothing.
   *
   * @param {string} url
   * @param {string} code
   * @returns {Promise<boolean>} whether the request can be sent without it
   */
  async #giveUp(url, code) {
    this.#tellOwner('error', code);
    const { kept } = await this.#session();
    if ((kept.owned && kept.turns) || url.includes('/conversations')) return false;
    this.#token = null;
    this.#obtain = undefined;
    this.dispatchEvent(new Event('change'));
    return true;
  }

  /**
   * @param {'error' | 'warn'} level
   * @param {string} code
   */
  async #tellOwner(level, code) {
    if (this.#told) return;
    this.#told = true;
    const { adviceAbout } = await import('./owner.js');
    console[level](`voice-agent: ${adviceAbout(code)}`);
  }
}

/**
 * @param {string} url
 * @param {RequestInit} init
 * @param {Token} token
 */
function authorized(url, init, token) {
  const headers = new Headers(init.headers);
  if (token) headers.set('Authorization', `Bearer ${token}`);
  return fetch(url, { ...init, headers });
}

/** @param {string} name */
function openChannel(name) {
  try {
    return new BroadcastChannel(name);
  } catch {
    // Storage is blocked: tabs do not hear of each other.
    return null;
  }
}

/**
 * Rejects when a signal is aborted.
 *
 * @param {AbortSignal | null | undefined} signal
 * @returns {Promise<never>}
 */
function rejectWith(signal) {
  const rejected = new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason), { once: true }));
  rejected.catch(() => {});
  return /** @type {Promise<never>} */ (rejected);
}
