import { waitOffline } from './offline.js';

/** @import { ApiError } from '../api/errors.js' */
/** @import { VoiceAgentElement } from '../element.js' */
/** @import { NoticeTexts, TextName } from '../languages.js' */
/** @import { Explanations } from '../notices/explanations.js' */
/** @import { Transcript } from '../transcript/transcript.js' */
/** @import { TurnView } from '../transcript/turn-view.js' */

/**
 * @typedef {object} Explanation of a failure
 * @property {TextName} name of the text for the visitor
 * @property {boolean} [final] whether it is no use to try again
 * @property {boolean} [again] whether the question is sent again without the visitor's help
 * @property {(view: TurnView, signal: AbortSignal) => Promise<void>} [wait] has to be awaited before; rejects with
 *   the signal's reason
 */

/** Says what is rarely said. Texts and explanations are loaded when something goes wrong for the first time. */
export class Notices {
  #parts;
  /** @type {Explanations | undefined} */
  #explanations;

  /** @param {{ host: VoiceAgentElement, transcript: Transcript }} parts */
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
    const loading = this.#load();
    loading.then((loaded) => loaded?.tellOwner(error));
    if (error.status) return (await loading)?.explain(error, attempt) ?? { name: 'lost' };
    // The texts about the connection are there; to load others, it would have to work.
    const name = /** @type {TextName} */ (error.code);
    if (name !== 'offline') return { name };
    const { texts } = this.#parts.transcript;
    return { name, again: true, wait: (view, signal) => waitOffline(view, texts.offline, signal) };
  }

  /**
   * Shows and announces a note; resolves when it is shown.
   *
   * @param {keyof NoticeTexts} name
   * @param {Node | null} [before] the item that it is put before; at the end if there is none
   */
  async note(name, before) {
    if (await this.#load()) this.#parts.transcript.note(name, before);
  }

  async #load() {
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
