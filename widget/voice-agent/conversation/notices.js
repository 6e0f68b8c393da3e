import { pause } from './pause.js';

/** @import { Answer, Config } from '../api/api.js' */
/** @import { ApiError } from '../api/errors.js' */
/** @import { VoiceAgentElement } from '../element.js' */
/** @import { NoticeTexts, TextName } from '../languages.js' */
/** @import { Explanations } from '../notices/explanations.js' */
/** @import { Transcript } from '../transcript/transcript.js' */
/** @import { TurnView } from '../transcript/turn-view.js' */

// Browsers can be wrong about being offline, so a question does not wait for the connection alone.
const OFFLINE_RETRY_MS = 15_000;

/**
 * @typedef {object} Explanation of a failure
 * @property {TextName} name of the text for the visitor
 * @property {boolean} [final] whether it is no use to try again
 * @property {boolean} [again] whether the question is sent again without the visitor's help
 * @property {(view: TurnView, signal: AbortSignal) => Promise<void>} [wait] has to be awaited before; rejects with
 *   the signal's reason
 */

/**
 * @typedef {object} Comment how something is said about an answer
 * @property {Node | null} [item] the question, if the answer is a new one; then it is announced, too
 * @property {boolean} [offer] whether to offer to go on with an answer that was cut off; true by default
 */

/** Says what is rarely said. Texts and explanations are loaded when something goes wrong for the first time. */
export class Notices {
  #parts;
  /** @type {Explanations | undefined} */
  #explanations;

  /** @param {{ host: VoiceAgentElement, transcript: Transcript, config: () => Config }} parts */
  constructor(parts) {
    this.#parts = parts;
  }

  /**
   * What to do about a failure. If the owner of the website has to correct it, the console says how.
   *
   * @param {ApiError} error
   * @param {number} [attempt] the number of the attempt that failed, from 1
   * @returns {Promise<Explanation>}
   */
  async explain(error, attempt = 1) {
    const { texts } = this.#parts.transcript;
    const name = /** @type {TextName} */ (error.code ?? 'unreachable');
    // While the browser is offline, nothing is loaded: it may not try again later.
    if (name === 'offline') {
      /** @type {Explanation['wait']} */
      const wait = async (view, signal) => {
        if (navigator.onLine) return;
        view.waiting(texts[name], texts[name]);
        await pause(OFFLINE_RETRY_MS, signal);
      };
      return { name, again: true, wait };
    }
    const loading = this.load();
    loading.then((loaded) => loaded?.tellOwner(error));
    // Those about the connection are there already.
    if (name in texts) return { name };
    return (await loading)?.explain(error, attempt) ?? { name: 'lost' };
  }

  /**
   * Shows and announces a note; resolves when it is shown.
   *
   * @param {keyof NoticeTexts} name
   * @param {Node | null} [before] the item that it is put before; at the end if there is none
   */
  async note(name, before) {
    if (await this.load()) this.#parts.transcript.note(name, before);
  }

  /**
   * Says what is not as usual about the last answer; resolves with what is said of it aloud.
   *
   * @param {Partial<Answer>} answer
   * @param {Comment} how
   */
  async comment(answer, how) {
    const { context = 'complete', saved = true, finishReason = 'stop', sources, unsupported, verdict } = answer;
    if (sources?.[0] || unsupported?.[0] || verdict === 'unknown') void this.#showEvidence(answer);
    if (context === 'complete' && saved && finishReason === 'stop') return '';
    return (await this.load())?.comment(answer, how) ?? '';
  }

  /** @param {Partial<Answer>} answer the last one */
  async #showEvidence(answer) {
    const item = /** @type {Element} */ (this.#parts.transcript.lastItem);
    try {
      await (await import('../transcript/evidence.js')).showEvidence(this.#parts, item, answer);
    } catch {
      // The answer is there without it.
    }
  }

  /** Loads the texts and joins them with the panel's; null if that failed. */
  async load() {
    try {
      const { Explanations } = await import('../notices/explanations.js');
      this.#explanations ??= new Explanations(this.#parts);
      await this.#explanations.addTexts();
      return this.#explanations;
    } catch {
      return null;
    }
  }
}
