import { textFor } from './by-code.js';
import { adviceFor } from './owner.js';
import { retriesByItself, retryTime, waitUntil } from './retry.js';

/** @import { Explanation } from '../conversation/notices.js' */
/** @import { ApiError } from '../api/errors.js' */
/** @import { VoiceAgentElement } from '../element.js' */
/** @import { Language, NoticeTexts } from '../languages.js' */
/** @import { Transcript } from '../transcript/transcript.js' */

/** @type {Record<Language, () => Promise<{ default: NoticeTexts }>>} */
const TEXTS = {
  en: () => import('./texts/en.js'),
  de: () => import('./texts/de.js'),
  ar: () => import('./texts/ar.js'),
};

/** What is rarely said, to visitors and to the owner of the website. */
export class Explanations {
  #host;
  #transcript;
  /** @type {Set<string>} what the owner was told already */
  #told = new Set();

  /** @param {{ host: VoiceAgentElement, transcript: Transcript }} parts */
  constructor({ host, transcript }) {
    this.#host = host;
    this.#transcript = transcript;
  }

  /** Adds the texts in the language of the moment to the panel's, unless the page replaces them. */
  async addTexts() {
    const host = this.#host;
    const texts = (await TEXTS[host.language]()).default;
    for (const name of /** @type {(keyof NoticeTexts)[]} */ (Object.keys(texts))) {
      this.#transcript.texts[name] = host.texts[name] ?? host.getAttribute(`text-${name}`) ?? texts[name];
    }
  }

  /**
   * What to do about a response with an error status.
   *
   * @param {ApiError} error
   * @param {number} attempt the number of the attempt that failed, from 1
   * @returns {Explanation}
   */
  explain(error, attempt) {
    const { texts } = this.#transcript;
    const { name, final } = textFor(error);
    const due = retryTime(error, attempt);
    return {
      name,
      final,
      again: retriesByItself(error, attempt),
      wait: (view, signal) => waitUntil(due, texts[name], { view, texts, signal }),
    };
  }

  /**
   * Has the console say, once, what the owner has to correct.
   *
   * @param {ApiError} error
   */
  async tellOwner(error) {
    if (this.#told.has(error.code)) return;
    this.#told.add(error.code);
    const advice = await adviceFor(error, this.#host.apiUrl);
    if (advice) console.error(`voice-agent: ${advice}`);
  }
}
