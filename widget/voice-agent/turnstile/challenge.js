import { adopt, el } from '../dom.js';
import { TurnstileScript } from './turnstile.js';

/** @import { VoiceAgentElement } from '../element.js' */
/** @import { Layout } from '../panel/layout.js' */
/** @import { Transcript } from '../transcript/transcript.js' */
/** @import { Turnstile } from './turnstile.js' */

/**
 * @typedef {object} Place where the check is shown
 * @property {VoiceAgentElement} host
 * @property {ShadowRoot} shadow
 * @property {Layout} layout
 * @property {Transcript} transcript
 */

const STYLE = `
.check { display: grid; gap: 8px; padding: 10px 18px; background: var(--soft); font-size: .9em }
.check[hidden] { display: none }
`;

const SLOT = 'voice-agent-check';
// By which Turnstile says that the site key is wrong, or not for this website.
const OWNERS = /^(110100|110110|110200|400020|400070)$/;

/** One check of a visitor. It is seen only if the visitor has to do something. */
export class Challenge {
  #place;
  // Turnstile draws into the page's own DOM; the panel shows it through a slot.
  #box = el('div', { slot: SLOT });
  #line = el('p');
  #bar = el('div', { part: 'check', hidden: '' }, this.#line, el('slot', { name: SLOT }));

  /** @param {Place} place */
  constructor(place) {
    this.#place = place;
    adopt(place.shadow, STYLE);
  }

  /**
   * Has Turnstile check the visitor.
   *
   * @param {string} sitekey
   * @returns {Promise<string>} the token; rejects with `visitor_not_verified` or `visitor_check_blocked`
   */
  async solve(sitekey) {
    const turnstile = await TurnstileScript.load().catch(() => {
      throw failure('visitor_check_blocked');
    });
    this.#place.host.append(this.#box);
    this.#place.layout.failure.before(this.#bar);
    try {
      return await this.#render(turnstile, sitekey);
    } finally {
      this.#box.remove();
      this.#bar.remove();
    }
  }

  /**
   * @param {Turnstile} turnstile
   * @param {string} sitekey
   * @returns {Promise<string>}
   */
  #render(turnstile, sitekey) {
    const { host } = this.#place;
    /** @type {string | null | undefined} */
    let id;
    const solved = new Promise((resolve, reject) => {
      id = turnstile.render(this.#box, {
        sitekey,
        theme: host.getAttribute('theme') ?? 'auto',
        language: host.language,
        size: 'flexible',
        appearance: 'interaction-only',
        retry: 'never',
        'response-field': false,
        callback: resolve,
        'before-interactive-callback': () => this.#show(),
        'after-interactive-callback': () => (this.#bar.hidden = true),
        'error-callback': (/** @type {unknown} */ code) => {
          tellOwner(String(code));
          reject(failure('visitor_not_verified'));
          return true;
        },
        'unsupported-callback': () => reject(failure('visitor_not_verified')),
      });
    });
    return solved.finally(() => id && turnstile.remove(id));
  }

  #show() {
    const { transcript } = this.#place;
    this.#line.textContent = transcript.texts.checking;
    this.#bar.hidden = false;
    transcript.announce(transcript.texts.checking);
  }
}

/** @param {string} code */
function tellOwner(code) {
  if (OWNERS.test(code)) {
    console.error(
      `voice-agent: Turnstile refuses TURNSTILE_SITE_KEY on ${location.hostname} (${code}). Check the key, and the hostnames of its widget in Cloudflare’s dashboard.`,
    );
  }
}

/**
 * A failure as those of requests.
 *
 * @param {string} code
 */
function failure(code) {
  return Object.assign(new Error(code), { code, status: 0, retryAfter: null });
}
