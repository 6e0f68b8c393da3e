import { Detector } from './detector.js';
import { PushToTalk } from './hearing/push-to-talk.js';
import { Transcriber } from './hearing/transcriber.js';
import { Microphone } from './microphone.js';

/** @import { Api } from '../api/api.js' */
/** @import { VoiceAgentElement } from '../element.js' */
/** @import { HandsFree } from './hearing/hands-free.js' */
/** @import { Frame } from './hearing/utterance.js' */
/** @import { Listener, ListenerEvents, ListenerView, ListeningFailure } from './interfaces.js' */

/**
 * @typedef {object} Hearing what either way of listening works with
 * @property {Detector} detector
 * @property {ListenerEvents} events
 * @property {Transcriber} transcriber
 * @property {number} silence seconds that usually end a turn
 * @property {number} max seconds of the longest recording
 * @property {() => void} close closes the microphone
 */

const MAX_SECONDS = 60;
const SILENCE_SECONDS = 0.9;
// A microphone that is lost again within so long is not opened once more.
const REOPENING_MS = 10_000;

/**
 * Keeps the microphone open while it is needed: with a button, or hands-free.
 *
 * @implements {Listener}
 */
export class ServerListener {
  handsFree = false;
  #host;
  #events;
  #view;
  #transcriber;
  #detector = new Detector(SILENCE_SECONDS);
  /** @type {PushToTalk | HandsFree | null} null while nobody is listened to, and while hands-free is being loaded */
  #mode = null;
  /** @type {Microphone | null} */
  #microphone = null;
  /** Changes whenever the microphone is opened or closed. */
  #opening = 0;
  #reopened = -Infinity;

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
    this.#transcriber = new Transcriber(host, api);
  }

  /** @returns {Listener['state']} */
  get state() {
    if (!this.#mode && this.handsFree) return 'listening';
    return this.#mode?.state ?? null;
  }

  get open() {
    return this.handsFree && !!this.#microphone;
  }

  get on() {
    return this.state === 'listening' || this.open;
  }

  get wasted() {
    return /** @type {Partial<HandsFree>} */ (this.#mode)?.wasted ?? 0;
  }

  async start() {
    this.stop();
    const silence = this.#seconds('silence', SILENCE_SECONDS);
    this.#detector = new Detector(silence);
    this.handsFree = this.#host.hasAttribute('hands-free');
    if (this.handsFree) await this.#startHandsFree(silence);
    else {
      this.#mode = new PushToTalk(this.#hearing(silence));
      await this.#open();
    }
  }

  again() {
    this.#mode?.again();
  }

  /** @param {boolean} joins */
  resume(joins) {
    this.#mode?.resume(joins);
  }

  finish(end = performance.now()) {
    this.#mode?.finish(end);
  }

  discard() {
    if (!this.#mode?.discard()) return;
    this.#mode = null;
    this.#close();
  }

  stop() {
    this.#mode?.stop();
    this.#mode = null;
    this.handsFree = false;
    this.#close();
  }

  /** @param {number} silence */
  async #startHandsFree(silence) {
    const opening = this.#opening;
    try {
      const { HandsFree } = await import('./hearing/hands-free.js');
      if (opening !== this.#opening) return;
      this.#mode = new HandsFree(this.#hearing(silence));
    } catch {
      if (opening === this.#opening) this.#events.failed('unreachable');
      return;
    }
    await this.#open();
  }

  /**
   * @param {number} silence
   * @returns {Hearing}
   */
  #hearing(silence) {
    return {
      detector: this.#detector,
      events: this.#events,
      transcriber: this.#transcriber,
      silence,
      max: this.#seconds('max-recording', MAX_SECONDS),
      close: () => this.#close(),
    };
  }

  /** Opens the microphone, unless listening ends meanwhile. */
  async #open() {
    this.#close();
    const opening = this.#opening;
    const ifCurrent = /** @param {() => void} act */ (act) => opening === this.#opening && act();
    try {
      const microphone = await Microphone.open(
        (frame) => ifCurrent(() => this.#hear(frame)),
        (reason) => ifCurrent(() => this.#lost(reason)),
      );
      if (opening !== this.#opening) return microphone.close();
      this.#microphone = microphone;
    } catch (error) {
      ifCurrent(() => this.#giveUp(typeof error === 'string' ? /** @type {ListeningFailure} */ (error) : 'unsupported'));
    }
  }

  #close() {
    this.#opening += 1;
    this.#microphone?.close();
    this.#microphone = null;
  }

  /** @param {Frame} frame */
  #hear(frame) {
    this.#detector.hear(frame, this.#events.speaking);
    this.#view.level(frame.level);
    this.#mode?.hear(frame);
  }

  /**
   * The microphone has stopped hearing. Another one may do, and what was said so far is kept.
   *
   * @param {ListeningFailure} reason
   */
  #lost(reason) {
    const again = reason === 'noDevice' && Date.now() - this.#reopened >= REOPENING_MS;
    if (!again) return this.#giveUp(reason);
    this.#reopened = Date.now();
    void this.#open();
  }

  /**
   * Listening cannot go on. What was said before is a question all the same.
   *
   * @param {ListeningFailure} reason
   */
  #giveUp(reason) {
    const said = this.#mode?.unasked;
    if (!said) return this.#events.failed(reason);
    this.stop();
    const mode = new PushToTalk(this.#hearing(SILENCE_SECONDS));
    this.#mode = mode;
    void mode.send(said, performance.now());
  }

  /**
   * @param {string} attribute
   * @param {number} otherwise
   */
  #seconds(attribute, otherwise) {
    return Number(this.#host.getAttribute(attribute) ?? otherwise);
  }
}
