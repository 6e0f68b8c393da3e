import { spokenLanguage } from '../spoken-language.js';

/** @import { VoiceAgentElement } from '../element.js' */
/** @import { Listener, ListenerEvents, ListenerView, ListeningFailure } from './interfaces.js' */

/**
 * The part of the Web Speech API that is used; TypeScript does not know it.
 *
 * @typedef {object} Recognition
 * @property {string} lang
 * @property {boolean} interimResults
 * @property {boolean} continuous
 * @property {(event: { results: ArrayLike<{ transcript: string }[]> }) => void} onresult
 * @property {(event: { error: string }) => void} onerror
 * @property {(event: unknown) => void} onend
 * @property {() => void} start
 * @property {() => void} stop
 * @property {() => void} abort
 */

const MAX_SECONDS = 60;
// What the browser calls its failures; `aborted` is another page or assistant that took the microphone.
/** @type {Record<string, ListeningFailure>} */
const FAILURES = {
  'not-allowed': 'denied',
  'service-not-allowed': 'noService',
  'language-not-supported': 'noLanguage',
  'audio-capture': 'noDevice',
  'no-speech': 'silent',
  aborted: 'interrupted',
  network: 'lostSpeech',
};

/**
 * Listens with the browser's own speech recognition. It is never hands-free.
 *
 * @implements {Listener}
 */
export class BrowserListener {
  /** @type {Listener['state']} */
  state = null;
  handsFree = false;
  open = false;
  wasted = 0;
  #host;
  #events;
  #view;
  /** @type {Recognition | null} */
  #recognition = null;
  /** @type {number | undefined} when the visitor had finished */
  #end;
  #timer = 0;

  /**
   * @param {VoiceAgentElement} host
   * @param {ListenerEvents} events
   * @param {ListenerView} view
   */
  constructor(host, events, view) {
    this.#host = host;
    this.#events = events;
    this.#view = view;
  }

  get on() {
    return this.state === 'listening';
  }

  start() {
    const recognition = newRecognition();
    this.#recognition = recognition;
    this.state = 'listening';
    this.#end = undefined;
    let text = '';
    /**
     * @template Event
     * @param {(event: Event) => void} act
     */
    const ifCurrent = (act) => (/** @type {Event} */ event) => {
      if (this.#recognition === recognition) act(event);
    };
    Object.assign(recognition, { lang: spokenLanguage(this.#host), interimResults: true, continuous: true });
    recognition.onresult = ifCurrent(({ results }) => {
      text = joinResults(Array.from(results, ([{ transcript }]) => transcript));
      this.#view.interim(text);
    });
    recognition.onerror = ifCurrent(({ error }) => {
      if (text.trim()) this.#use(text.trim());
      else this.#fail(FAILURES[error] ?? 'unsupported');
    });
    recognition.onend = ifCurrent(() => this.#use(text.trim()));
    recognition.start();
    const seconds = Number(this.#host.getAttribute('max-recording') ?? MAX_SECONDS);
    this.#timer = setTimeout(() => this.finish(), seconds * 1000);
  }

  finish(end = performance.now()) {
    if (!this.on) return;
    this.#end = end;
    this.state = 'transcribing';
    this.#recognition?.stop();
    this.#events.changed();
  }

  discard() {
    const recognition = this.#recognition;
    this.#close();
    recognition?.abort();
  }

  stop() {
    this.discard();
  }

  again() {}

  resume() {}

  #close() {
    this.#view.noInterim();
    clearTimeout(this.#timer);
    this.#recognition = this.state = null;
  }

  /** @param {ListeningFailure} name */
  #fail(name) {
    this.#close();
    this.#events.failed(name);
  }

  /** @param {string} text */
  #use(text) {
    const end = this.#end ?? performance.now();
    this.#close();
    if (text) this.#events.heard(text, end);
    else this.#events.failed('silent');
  }
}

/**
 * The results as one text. Chrome on Android repeats in each result what those before it hold.
 *
 * @param {string[]} results
 */
function joinResults(results) {
  return results.reduce((text, result) => {
    const [said, more] = [comparable(text), comparable(result)];
    const repeats = !/^\s/.test(result) && (more === said || more.startsWith(`${said} `));
    if (!said || repeats) return result;
    return `${text}${result}`;
  }, '');
}

/** @param {string} text */
function comparable(text) {
  return text.trim().toLowerCase().replace(/\s+/g, ' ');
}

/** @returns {Recognition} */
function newRecognition() {
  const { SpeechRecognition, webkitSpeechRecognition } = /** @type {any} */ (window);
  return new (SpeechRecognition ?? webkitSpeechRecognition)();
}
