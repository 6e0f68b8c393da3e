import { Detector } from './detector.js';
import { spokenLanguage } from '../spoken-language.js';
import { Microphone } from './microphone.js';

/** @import { Api } from '../api/api.js' */
/** @import { ApiError } from '../api/errors.js' */
/** @import { VoiceAgentElement } from '../element.js' */
/** @import { Listener, ListenerEvents, ListenerView, ListeningFailure } from './interfaces.js' */

// The length of a language code that transcription knows.
const ISO_639_1 = 2;
const MAX_SECONDS = 60;
const SILENCE_SECONDS = 0.9;
// Hands-free, a recording in which nothing was said begins again after so many seconds.
const MAX_LEAD_SECONDS = 5;

/** One question being heard: aborted when it is over. `released`: before the microphone was open. */
class Attempt extends AbortController {
  released = false;
}

/**
 * Records what is said, and has the server write it down.
 *
 * @implements {Listener}
 */
export class ServerListener {
  /** @type {Listener['state']} */
  state = null;
  handsFree = false;
  #host;
  #events;
  #view;
  #api;
  #attempt = new Attempt();
  /** @type {Microphone | null} */
  #microphone = null;
  #detector = new Detector(SILENCE_SECONDS);
  /** Seconds of recordings in which nothing was said. */
  #waited = 0;

  /**
   * @param {VoiceAgentElement} host
   * @param {ListenerEvents} events
   * @param {ListenerView} view
   * @param {Api} api
   */
  constructor(host, events, view, api) {
    this.#host = host;
    this.#events = events;
    this.#view = view;
    this.#api = api;
  }

  get open() {
    return this.handsFree && !!this.#microphone;
  }

  get on() {
    return this.state === 'listening' || this.open;
  }

  async start() {
    this.handsFree = this.#host.hasAttribute('hands-free');
    this.#detector = new Detector(this.#seconds('silence', SILENCE_SECONDS));
    const attempt = this.#begin();
    try {
      const microphone = await Microphone.open(
        (level, seconds) => this.#hear(level, seconds),
        () => this.#lost(),
      );
      if (attempt.signal.aborted) {
        microphone.close();
        return;
      }
      this.#microphone = microphone;
      if (attempt.released) this.finish();
    } catch (error) {
      if (attempt.signal.aborted) return;
      this.#events.failed(typeof error === 'string' ? /** @type {ListeningFailure} */ (error) : 'unsupported');
    }
  }

  again() {
    this.#begin();
    this.#record();
  }

  answerStarted() {
    if (this.#microphone) this.#record();
  }

  // The first words of a visitor who talks over an answer were recorded before this moment: they are kept.
  resume() {
    this.#begin();
  }

  async finish(end = performance.now()) {
    if (this.state !== 'listening') return;
    const attempt = this.#attempt;
    if (!this.#microphone) {
      attempt.released = true;
      return;
    }
    if (!this.#detector.heard) {
      this.#events.failed('silent');
      return;
    }
    this.state = 'transcribing';
    const recording = this.#microphone.take();
    if (!this.handsFree) this.#close();
    this.#events.changed();
    await this.#transcribe(recording, end, attempt.signal);
  }

  discard() {
    this.#attempt.abort();
    this.state = null;
    if (!this.handsFree) this.#close();
  }

  stop() {
    this.discard();
    this.#close();
  }

  #begin() {
    this.#attempt.abort();
    this.#waited = 0;
    this.state = 'listening';
    this.#attempt = new Attempt();
    return this.#attempt;
  }

  /** Begins a new recording. */
  #record() {
    this.#detector.reset();
    this.#microphone?.record();
  }

  #close() {
    this.#microphone?.close();
    this.#microphone = null;
  }

  /** The microphone was unplugged, or the recording failed. */
  #lost() {
    const { state } = this;
    this.stop();
    this.#events.failed(state === 'transcribing' ? 'lostSpeech' : 'noDevice');
  }

  /**
   * @param {string} attribute
   * @param {number} otherwise
   */
  #seconds(attribute, otherwise) {
    return Number(this.#host.getAttribute(attribute) ?? otherwise);
  }

  /**
   * @param {number} level
   * @param {number} seconds that it lasted
   */
  #hear(level, seconds) {
    const detector = this.#detector;
    const { speaking } = this.#events;
    detector.hear(level, seconds, speaking);
    this.#view.level(level);
    if (!this.#microphone) return;
    if (this.state === 'listening') this.#follow(detector);
    else if (this.open && speaking && detector.interrupts) this.#events.interrupted();
  }

  /** @param {Detector} detector */
  #follow({ heard, ended, voiced, quiet, elapsed }) {
    const max = this.#seconds('max-recording', MAX_SECONDS);
    if (elapsed >= max) {
      this.finish();
      return;
    }
    if (!this.handsFree) return;
    if (ended && heard) this.finish(performance.now() - quiet * 1000);
    else if (ended || (!voiced && elapsed > MAX_LEAD_SECONDS)) {
      this.#waited += elapsed;
      this.#record();
      if (this.#waited > max) this.#events.failed('silent');
    }
  }

  /**
   * @param {Promise<Blob>} recording
   * @param {number} end when the visitor had finished
   * @param {AbortSignal} signal
   */
  async #transcribe(recording, end, signal) {
    try {
      const body = new FormData();
      body.append('file', await recording);
      const [language] = spokenLanguage(this.#host).split('-');
      if (language.length === ISO_639_1) body.append('language', language);
      const request = { headers: this.#api.proof?.headers, body };
      /** @type {{ text: string }} */
      const { text } = await this.#api.post('/transcribe', request, (response) => response.json(), signal);
      if (!signal.aborted) this.#use(text, end);
    } catch (reason) {
      if (signal.aborted) return;
      this.#events.failed('lostSpeech', /** @type {ApiError} */ (reason));
    }
  }

  /**
   * @param {string} text
   * @param {number} end
   */
  #use(text, end) {
    this.state = null;
    if (text) this.#events.heard(text, end);
    else if (this.handsFree) this.#events.changed();
    else this.#events.failed('silent');
  }
}
