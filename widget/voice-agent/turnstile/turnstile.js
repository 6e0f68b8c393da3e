/**
 * Cloudflare Turnstile's script and the part of its interface that is used here
 * (developers.cloudflare.com/turnstile/get-started/client-side-rendering).
 *
 * @typedef {object} Turnstile
 * @property {(container: HTMLElement, parameters: Record<string, unknown>) => string | null | undefined} render
 * @property {(id: string) => void} remove
 *
 * @typedef {Window & { turnstile?: Turnstile } & Record<string, any>} TurnstileWindow
 */

const SCRIPT = 'https://challenges.cloudflare.com/turnstile/v0/api.js?render=explicit&onload=';
const LOADED = 'voiceAgentTurnstileLoaded';
const PATIENCE_MS = 15_000;

/** Turnstile's script. */
export class TurnstileScript {
  /** A page can make a policy only once. */
  static #url = '';

  /**
   * Loads the script, unless the page has it already.
   *
   * @returns {Promise<Turnstile>} rejects if the script is blocked
   */
  static async load() {
    const page = /** @type {TurnstileWindow} */ (/** @type {unknown} */ (window));
    this.#url ||= trusted(SCRIPT + LOADED);
    return page.turnstile ?? loaded(page, this.#url);
  }
}

/**
 * @param {TurnstileWindow} page
 * @param {string} url
 * @returns {Promise<Turnstile>}
 */
function loaded(page, url) {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    const end = () => {
      clearTimeout(timer);
      if (page.turnstile) resolve(page.turnstile);
      else reject(new Error('blocked'));
    };
    // Some content blockers answer with an empty script.
    const timer = setTimeout(end, PATIENCE_MS);
    page[LOADED] = end;
    script.onerror = end;
    script.src = url;
    document.head.append(script);
  });
}

/**
 * The address as pages want it that require trusted types; throws if they do not allow the policy `voice-agent`.
 *
 * @param {string} url
 * @returns {string}
 */
function trusted(url) {
  const { trustedTypes } = /** @type {any} */ (window);
  return trustedTypes?.createPolicy('voice-agent', { createScriptURL: () => url }).createScriptURL('') ?? url;
}
