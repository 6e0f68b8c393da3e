import { Detector } from './detector.js';
import { Microphone } from './microphone.js';

const LONGEST = 60;
const SILENCE = 0.9;
const LONGEST_LEAD = 5;

/** The ear: records what is said; the server writes it down. */
export class Listening {
  state = null;
  handsFree = false;
  #attempt;
  #microphone = null;
  #detector;
  #waited = 0;

  constructor(host, events, api) {
    Object.assign(this, { host, events, api });
  }

  get free() {
    return this.handsFree && !!this.#microphone;
  }

  get on() {
    return this.state === 'listening' || this.free;
  }

  async start() {
    this.handsFree = this.host.hasAttribute('hands-free');
    this.#detector = new Detector(this.#setting('silence', SILENCE));
    const { signal } = this.#begin();
    try {
      const microphone = await Microphone.open(
        (level, seconds) => this.#hear(level, seconds),
        () => this.#lost(),
      );
      if (signal.aborted) return microphone.close();
      this.#microphone = microphone;
      if (this.#attempt.letGo) this.finish();
    } catch (error) {
      if (!signal.aborted) this.events.failed(typeof error === 'string' ? error : 'unsupported');
    }
  }

  again() {
    this.#begin();
    this.#renew();
  }

  spoken() {
    if (this.#microphone) this.#renew();
  }

  // The first words of who talks over an answer were before this moment: they are kept.
  resume() {
    this.#begin();
  }

  async finish(end = performance.now()) {
    if (this.state !== 'listening') return;
    const attempt = this.#attempt;
    const { signal } = attempt;
    const microphone = this.#microphone;
    if (!microphone) return (attempt.letGo = true);
    if (!this.#detector.heard) return this.events.failed('silent');
    this.state = 'transcribing';
    const clip = microphone.take();
    if (!this.handsFree) this.#close();
    this.events.changed();
    try {
      const text = await this.#transcribe(await clip, signal);
      if (!signal.aborted) this.#use(text, end);
    } catch (error) {
      if (!signal.aborted) this.events.failed(error.status ? error.sentence : 'lostSpeech', error);
    }
  }

  rest() {
    this.#attempt?.abort();
    this.state = null;
    if (!this.handsFree) this.#close();
  }

  stop() {
    this.rest();
    this.#close();
  }

  #begin() {
    this.#attempt?.abort();
    this.#waited = 0;
    this.state = 'listening';
    return (this.#attempt = new AbortController());
  }

  #renew() {
    this.#detector.reset();
    this.#microphone.record();
  }

  #close() {
    this.#microphone?.close();
    this.#microphone = null;
  }

  #lost() {
    const { state } = this;
    this.stop();
    this.events.failed(state === 'transcribing' ? 'lostSpeech' : 'noDevice');
  }

  #setting(name, otherwise) {
    return Number(this.host.getAttribute(name) ?? otherwise);
  }

  #hear(level, seconds) {
    const detector = this.#detector;
    detector.hear(level, seconds, this.events.speaking);
    this.events.level(level);
    if (!this.#microphone) return;
    if (this.state === 'listening') this.#follow(detector);
    else if (this.free && this.events.speaking && detector.interrupts) this.events.interrupted();
  }

  #follow({ heard, ended, voiced, quiet, elapsed }) {
    const longest = this.#setting('max-recording', LONGEST);
    if (elapsed >= longest) return this.finish();
    if (!this.handsFree) return;
    if (ended && heard) this.finish(performance.now() - quiet * 1000);
    else if (ended || (!voiced && elapsed > LONGEST_LEAD)) {
      this.#waited += elapsed;
      this.#renew();
      if (this.#waited > longest) this.events.failed('silent');
    }
  }

  #use(text, end) {
    this.state = null;
    if (text) this.events.heard(text, end);
    else if (this.handsFree) this.events.changed();
    else this.events.failed('silent');
  }

  async #transcribe(clip, signal) {
    const body = new FormData();
    body.append('file', clip);
    body.append('language', this.host.language);
    const { text } = await this.api.call('/transcribe', { method: 'POST', body }, (response) => response.json(), signal);
    return text;
  }
}
