import { pause } from './pause.js';

/** @import { Answer } from '../api/api.js' */
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
 * @property {boolean} [isNew] whether it is announced
 * @property {boolean} [offer] whether to offer to go on with an answer that was cut off
 * @property {Node | null} [item] the question
 */

/** Says what is rarely said. Texts and explanations are loaded when something goes wrong for the first time. */
export class Notices {
  #parts;
  #ask;
  /** @type {Explanations | undefined} */
  #explanations;

  /**
   * @param {{ host: VoiceAgentElement, transcript: Transcript }} parts
   * @param {(question: string) => void} ask is called when the visitor accepts an offer
   */
  constructor(parts, ask) {
    this.#parts = parts;
    this.#ask = ask;
  }

  /**
   * What to do about a failure. If the owner of the website has to correct it, the console says how.
   *
   * @param {ApiError} error
   * @param {number} [attempt] the number of the attempt that failed, from 1
   * @returns {Promise<Explanation>}
   */
  async explain(error, attempt = 1) {
    const loading = this.load();
    loading.then((loaded) => loaded?.tellOwner(error));
    const name = /** @type {TextName} */ (error.code ?? 'unreachable');
    // The texts about the connection are there; to load others, it would have to work.
    if (!(name in this.#parts.transcript.texts)) return (await loading)?.explain(error, attempt) ?? { name: 'lost' };
    if (name !== 'offline') return { name };
    const { offline } = this.#parts.transcript.texts;
    return {
      name,
      again: true,
      async wait(view, signal) {
        if (navigator.onLine) return;
        view.waiting(offline, offline);
        await pause(OFFLINE_RETRY_MS, signal);
      },
    };
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
    const { context = 'complete', saved = true, finishReason = 'stop' } = answer;
    if (context === 'complete' && saved && finishReason === 'stop') return '';
    return (await this.load())?.comment(answer, how, this.#ask) ?? '';
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
