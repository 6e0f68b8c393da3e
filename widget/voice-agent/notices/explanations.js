import { el } from '../dom.js';
import { textFor } from './by-code.js';
import { addNoticeTexts } from './load-texts.js';
import { adviceFor } from './owner.js';
import { retriesByItself, retryTime, waitUntil } from './retry.js';

/** @import { Answer } from '../api/api.js' */
/** @import { Comment, Explanation } from '../conversation/notices.js' */
/** @import { ApiError } from '../api/errors.js' */
/** @import { VoiceAgentElement } from '../element.js' */
/** @import { Transcript } from '../transcript/transcript.js' */

/** What is rarely said, to visitors and to the owner of the website. */
export class Explanations {
  #host;
  #transcript;
  #spoken = '';
  /** @type {Set<string>} what the owner was told already */
  #told = new Set();

  /** @param {{ host: VoiceAgentElement, transcript: Transcript }} parts */
  constructor({ host, transcript }) {
    this.#host = host;
    this.#transcript = transcript;
  }

  /**
   * Says what is not as usual about the last answer.
   *
   * @param {Partial<Answer>} answer
   * @param {Comment} how
   * @returns {string} what is said of it aloud: a text of the widget's own, which the server agrees to speak
   */
  comment({ context, saved = true, finishReason = 'stop' }, how) {
    const transcript = this.#transcript;
    if (context === 'lost') transcript.note('expired', how.item);
    if (context === 'stale') transcript.note('stale', how.item);
    if (finishReason !== 'stop') this.#cutOff(how);
    if (!saved) transcript.note('unsaved');
    return finishReason === 'stop' ? '' : this.#spoken;
  }

  /** @param {Comment} how */
  #cutOff({ item, offer = true }) {
    const transcript = this.#transcript;
    const { cutOff, goOn, pleaseGoOn } = transcript.texts;
    const [answer] = transcript.entries.slice(-1);
    answer.cutOff = true;
    const button = offer ? el('button', { part: 'pill', onclick: () => this.#host.sendMessage(pleaseGoOn) }, goOn) : '';
    transcript.append('note', null, cutOff, button);
    if (item) transcript.announce(cutOff);
  }

  /** Adds the texts in the language of the moment. */
  async addTexts() {
    const { cutOff } = await addNoticeTexts({ host: this.#host, transcript: this.#transcript });
    this.#spoken = cutOff;
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
