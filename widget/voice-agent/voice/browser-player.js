import { spokenLanguage } from '../spoken-language.js';
import { onGesture } from './gesture.js';
import { split } from './playback/split.js';
import { voiceFor } from './playback/voices.js';

/** @import { VoiceAgentElement } from '../element.js' */
/** @import { Player, PlayerEvents } from './interfaces.js' */
/** @import { SpokenPart } from './spoken/sentences.js' */

/** @typedef {SpeechSynthesisUtterance & { from: number, shown: number, begun?: boolean }} Utterance */

// Some browsers load their voices when they are first asked for them.
const LOADING_MS = 1000;
// How often it is looked whether the browser still speaks. Some forget to say that an utterance has ended.
const LOOK_MS = 1000;
// Slow speech; a synthesis that has not ended by then will not.
const SLOWEST_MS_PER_CHARACTER = 200;
const PATIENCE_MS = 5000;

/**
 * Speaks with the browser's own synthesis.
 *
 * @implements {Player}
 */
export class BrowserPlayer {
  level = undefined;
  #host;
  #events;
  /** @type {Set<Utterance>} what is spoken, and waits; keeping them also keeps browsers from dropping their events */
  #waiting = new Set();
  /** @type {SpokenPart[] | null} what waits for a gesture */
  #blocked = null;
  #unlocked = false;
  #timer = 0;
  #looked = 0;
  #heard = 0;
  #said = 0;

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

  /** iOS speaks only after something was spoken in a gesture; nothing is heard of this. */
  unlock() {
    if (this.#unlocked) return;
    this.#unlocked = true;
    const silence = new SpeechSynthesisUtterance(' ');
    silence.volume = 0;
    speechSynthesis.speak(silence);
  }

  get busy() {
    return this.#waiting.size > 0 || !!this.#blocked;
  }

  get heard() {
    return this.#heard;
  }

  /** Pauses, because the volume of what is being spoken cannot be changed. On Android, a pause would be the end. */
  duck() {
    if (this.#waiting.size && !/Android/.test(navigator.userAgent)) speechSynthesis.pause();
  }

  restore() {
    if (this.#waiting.size) speechSynthesis.resume();
  }

  /** @param {SpokenPart} part */
  say(part) {
    if (this.#blocked) {
      this.#blocked.push(part);
      return;
    }
    for (const { text, shown } of split(part, this.#said)) this.#speak(text, shown);
  }

  stop() {
    const { size } = this.#waiting;
    this.#blocked = null;
    this.#waiting.clear();
    clearInterval(this.#timer);
    this.#timer = this.#heard = this.#said = 0;
    if (!size) return;
    // Some browsers stay paused.
    speechSynthesis.resume?.();
    speechSynthesis.cancel();
  }

  /**
   * @param {string} text
   * @param {number} shown
   */
  #speak(text, shown) {
    const lang = spokenLanguage(this.#host);
    const voice = voiceFor(lang, speechSynthesis.getVoices());
    const own = { lang: voice?.lang || lang, from: this.#said, shown };
    const utterance = /** @type {Utterance} */ (Object.assign(new SpeechSynthesisUtterance(text), own));
    if (voice?.lang) utterance.voice = voice;
    this.#said = shown;
    utterance.onstart = () => this.#started(utterance);
    utterance.onboundary = ({ charIndex }) => this.#reached(utterance, charIndex / text.length);
    utterance.onend = () => this.#ended(utterance);
    utterance.onerror = ({ error }) => {
      if (this.#waiting.has(utterance)) this.#fail(error);
    };
    this.#waiting.add(utterance);
    this.#watch();
    if (voice === null) setTimeout(() => utterance.onerror?.(/** @type {any} */ ({ error: 'language-unavailable' })));
    else speechSynthesis.speak(utterance);
  }

  /** @param {Utterance} utterance */
  #started(utterance) {
    if (!this.#waiting.has(utterance)) return;
    utterance.begun = this.#unlocked = true;
    this.#looked = performance.now();
    this.#events.started(0);
  }

  /**
   * @param {Utterance} utterance
   * @param {number} share of it that was spoken
   */
  #reached({ from, shown }, share) {
    if (this.#waiting.size) this.#heard = from + Math.floor((shown - from) * share);
  }

  /** @param {Utterance} utterance */
  #ended(utterance) {
    if (!this.#waiting.has(utterance)) return;
    this.#reached(utterance, 1);
    this.#waiting.delete(utterance);
    this.#looked = performance.now();
    if (!this.busy) this.#end();
  }

  /** Sees to it that speaking ends, also if the browser does not say so. */
  #watch() {
    if (this.#timer) return;
    this.#looked = performance.now();
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
  }

  #look() {
    const [current] = this.#waiting;
    if (!current) return;
    const { speaking, pending } = speechSynthesis;
    const waited = performance.now() - this.#looked;
    // The end of what was spoken got lost.
    if (current.begun && speaking === false && pending === false && waited > LOOK_MS) this.#goOn(current);
    else if (waited > PATIENCE_MS + current.text.length * SLOWEST_MS_PER_CHARACTER) this.#end();
  }

  /** @param {Utterance} lost */
  #goOn(lost) {
    this.#ended(lost);
    const rest = [...this.#waiting];
    this.#waiting.clear();
    if (rest[0]) this.#said = rest[0].from;
    for (const { text, shown } of rest) this.#speak(text, shown);
  }

  #end() {
    this.stop();
    this.#events.ended();
  }

  /** @param {string} error */
  #fail(error) {
    const unsaid = Array.from(this.#waiting, ({ text, shown }) => ({ text, shown }));
    this.stop();
    if (error === 'not-allowed') {
      this.#waitForGesture(unsaid);
      return;
    }
    void this.#events.takeOver({ code: error }, unsaid).then(() => this.#events.ended());
  }

  /** @param {SpokenPart[]} parts */
  #waitForGesture(parts) {
    this.#blocked = parts;
    const speak = () => {
      if (this.#blocked !== parts) return;
      this.#blocked = null;
      for (const part of parts) this.say(part);
    };
    onGesture(speak, { once: true });
    this.#events.blocked();
  }
}
