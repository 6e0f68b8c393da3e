import { spokenLanguage } from '../spoken-language.js';
import { onGesture } from './gesture.js';

/** @import { VoiceAgentElement } from '../element.js' */
/** @import { Player, PlayerEvents } from './interfaces.js' */

// Some browsers load their voices when they are first asked for them.
const LOADING_MS = 1000;
// Slow speech; a synthesis that has not ended by then will not say so. Some browsers forget to.
const SLOWEST_MS_PER_CHARACTER = 200;
const PATIENCE_MS = 5000;

/**
 * Speaks with the browser's own synthesis.
 *
 * @implements {Player}
 */
export class BrowserPlayer {
  #host;
  #events;
  /** @type {Set<SpeechSynthesisUtterance>} */
  #waiting = new Set();
  /** @type {string[] | null} what waits for a gesture */
  #blocked = null;
  #timer = 0;

  /** Whether the browser has a voice. */
  static async able() {
    const { speechSynthesis } = window;
    if (!speechSynthesis) return false;
    if (!speechSynthesis.getVoices().length) {
      await new Promise((resolve) => {
        speechSynthesis.addEventListener('voiceschanged', resolve, { once: true });
        setTimeout(resolve, LOADING_MS);
      });
    }
    return speechSynthesis.getVoices().length > 0;
  }

  /**
   * @param {VoiceAgentElement} host
   * @param {PlayerEvents} events
   */
  constructor(host, events) {
    this.#host = host;
    this.#events = events;
  }

  unlock() {}

  get busy() {
    return this.#waiting.size > 0 || !!this.#blocked;
  }

  /** @param {string} text */
  say(text) {
    if (this.#blocked) {
      this.#blocked.push(text);
      return;
    }
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.lang = spokenLanguage(this.#host);
    utterance.onstart = () => {
      if (!this.#waiting.has(utterance)) return;
      this.#events.started(0);
      this.#expectEnd();
    };
    utterance.onend = () => {
      if (!this.#waiting.delete(utterance)) return;
      this.#expectEnd();
      if (!this.busy) this.#events.ended();
    };
    utterance.onerror = ({ error }) => {
      if (this.#waiting.has(utterance)) this.#fail(error);
    };
    this.#waiting.add(utterance);
    if (this.#waiting.size === 1) this.#expectEnd();
    speechSynthesis.speak(utterance);
  }

  /** Waits for the end of the sentence that is spoken, but not for ever. */
  #expectEnd() {
    clearTimeout(this.#timer);
    const [current] = this.#waiting;
    if (!current) return;
    this.#timer = setTimeout(() => {
      this.stop();
      this.#events.ended();
    }, PATIENCE_MS + current.text.length * SLOWEST_MS_PER_CHARACTER);
  }

  stop() {
    this.#blocked = null;
    this.#waiting.clear();
    clearTimeout(this.#timer);
    speechSynthesis.cancel();
  }

  /** @param {string} error */
  #fail(error) {
    const unsaid = Array.from(this.#waiting, ({ text }) => text);
    this.stop();
    if (error === 'not-allowed') {
      this.#waitForGesture(unsaid);
      return;
    }
    this.#events.muted({ code: error });
    this.#events.ended();
  }

  /** @param {string[]} texts */
  #waitForGesture(texts) {
    this.#blocked = texts;
    const speak = () => {
      if (this.#blocked !== texts) return;
      this.#blocked = null;
      for (const text of texts) this.say(text);
    };
    onGesture(speak, { once: true });
    this.#events.blocked();
  }
}
