import { ApiError } from '../../api/errors.js';
import { spokenLanguage } from '../../spoken-language.js';
import { recordingOf } from './recording.js';
import { Utterance } from './utterance.js';

/** @import { Api } from '../../api/api.js' */
/** @import { VoiceAgentElement } from '../../element.js' */
/** @import { Frame } from './utterance.js' */

// The length of a language code that transcription knows.
const ISO_639_1 = 2;
// A minute of WAV over a slow connection takes 10 s, its transcription 5.
const PATIENCE_MS = 25_000;
// Without a response, the connection may have been changing.
const ATTEMPTS = 2;
const PAUSE_MS = 500;

/** Has the server write down what was said. */
export class Transcriber {
  #host;
  #api;

  /**
   * @param {VoiceAgentElement} host
   * @param {Api} api
   */
  constructor(host, api) {
    this.#host = host;
    this.#api = api;
  }

  /** The language that the visitor is expected to speak. */
  get language() {
    return spokenLanguage(this.#host);
  }

  /**
   * Begins what a visitor says.
   *
   * @param {Frame[]} [frames]
   */
  begin(frames = []) {
    return new Utterance((samples, signal) => this.#write(samples, signal), frames);
  }

  /**
   * The text of a recording; rejects with an `ApiError`, or with the reason of the signal.
   *
   * @param {Int16Array<ArrayBuffer>} samples at 16 kHz
   * @param {AbortSignal} signal
   */
  async #write(samples, signal) {
    const body = new FormData();
    body.append('file', await recordingOf(samples));
    const [language] = this.language.split('-');
    if (language.length === ISO_639_1) body.append('language', language);
    for (let attempt = 1; ; attempt += 1) {
      signal.throwIfAborted();
      try {
        return await this.#post(body, signal);
      } catch (error) {
        if (signal.aborted || attempt === ATTEMPTS || /** @type {ApiError} */ (error).status) throw error;
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
  }

  /**
   * @param {FormData} body
   * @param {AbortSignal} signal
   * @returns {Promise<string>}
   */
  async #post(body, signal) {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), PATIENCE_MS);
    const request = { headers: this.#api.proof?.headers, body };
    const stop = AbortSignal.any([signal, late.signal]);
    try {
      return (await this.#api.post('/transcribe', request, (response) => response.json(), stop)).text;
    } catch (error) {
      throw late.signal.aborted ? new ApiError('timeout') : error;
    } finally {
      clearTimeout(timer);
    }
  }
}
