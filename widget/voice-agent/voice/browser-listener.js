import { spokenLanguage } from '../spoken-language.js';
import { joinResults, joinTexts } from './hearing/results.js';

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
// Between the end of recording and the last results; Chrome takes half a second.
const FINAL_MS = 3000;
// Some browsers do not say that recognition has ended after they have said that it failed.
const FAILED_MS = 500;
// A recogniser that ends sooner has not listened. If that happens several times in a row, it never will.
const LISTENED_MS = 1000;
const MAX_VAIN = 3;
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
// Failures after which it may go on.
const PASSING = ['no-speech', 'aborted', 'network'];

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
  /** What recognisers have understood that have ended, and what the present one has. */
  #said = '';
  #text = '';
  #vain = 0;
  /** @type {number | undefined} when the visitor had finished */
  #end;
  #over = new AbortController();

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
    this.discard();
    this.state = 'listening';
    this.#end = undefined;
    this.#said = '';
    this.#vain = 0;
    this.#over = new AbortController();
    // A button that is held while the page is hidden is never released, and phones end recognition then.
    const hidden = () => document.hidden && this.finish();
    document.addEventListener('visibilitychange', hidden, { signal: this.#over.signal });
    this.#after(Number(this.#host.getAttribute('max-recording') ?? MAX_SECONDS) * 1000, () => this.finish());
    this.#recognize();
  }

  finish(end = performance.now()) {
    if (!this.on) return;
    this.#end = end;
    this.state = 'transcribing';
    this.#recognition?.stop();
    this.#after(FINAL_MS, () => this.#use());
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

  /** Browsers end recognition in a pause, and on phones after each sentence: it is started until the visitor finishes. */
  #recognize() {
    const recognition = newRecognition();
    const began = performance.now();
    let error = '';
    this.#recognition = recognition;
    this.#text = '';
    const ifCurrent = /** @param {() => void} act */ (act) => this.#recognition === recognition && act();
    Object.assign(recognition, { lang: spokenLanguage(this.#host), interimResults: true, continuous: true });
    recognition.onresult = ({ results }) =>
      ifCurrent(() => this.#understood(Array.from(results, ([{ transcript }]) => transcript)));
    const end = () => ifCurrent(() => this.#ended(error, performance.now() - began));
    recognition.onerror = (event) => {
      error = event.error;
      this.#after(FAILED_MS, end);
    };
    recognition.onend = end;
    try {
      recognition.start();
    } catch {
      this.#fail('unsupported');
    }
  }

  /** @param {string[]} results */
  #understood(results) {
    this.#text = joinResults(results);
    this.#view.interim(joinTexts(this.#said, this.#text));
  }

  /**
   * @param {string} error what the browser calls it, or ''
   * @param {number} lasted milliseconds
   */
  #ended(error, lasted) {
    this.#vain = this.#text || lasted >= LISTENED_MS ? 0 : this.#vain + 1;
    const text = joinTexts(this.#said, this.#text);
    const canGoOn = error ? !!text && PASSING.includes(error) : true;
    if (this.on && canGoOn && this.#vain < MAX_VAIN) {
      this.#said = text;
      this.#recognize();
    } else if (text || !error) this.#use();
    else this.#fail(FAILURES[error] ?? 'unsupported');
  }

  /**
   * Calls `act` after so many milliseconds, unless this question is over.
   *
   * @param {number} milliseconds
   * @param {() => void} act
   */
  #after(milliseconds, act) {
    const timer = setTimeout(act, milliseconds);
    this.#over.signal.addEventListener('abort', () => clearTimeout(timer));
  }

  #close() {
    this.#over.abort();
    this.#view.noInterim();
    this.#recognition = this.state = null;
  }

  /** @param {ListeningFailure} name */
  #fail(name) {
    this.#close();
    this.#events.failed(name);
  }

  #use() {
    const end = this.#end ?? performance.now();
    const text = joinTexts(this.#said, this.#text);
    this.discard();
    if (text) this.#events.heard(text, end);
    else this.#events.failed('silent');
  }
}

/** @returns {Recognition} */
function newRecognition() {
  const { SpeechRecognition, webkitSpeechRecognition } = /** @type {any} */ (window);
  return new (SpeechRecognition ?? webkitSpeechRecognition)();
}
