import { spokenLanguage } from '../spoken-language.js';
import { samplesOf } from './pcm.js';
import { Lookahead } from './playback/lookahead.js';
import { Output, SAMPLE_RATE } from './playback/output.js';
import { Progress } from './playback/progress.js';
import { Proof } from './proof.js';

/** @import { Api } from '../api/api.js' */
/** @import { ApiError } from '../api/errors.js' */
/** @import { VoiceAgentElement } from '../element.js' */
/** @import { Player, PlayerEvents } from './interfaces.js' */
/** @import { Part } from './playback/lookahead.js' */
/** @import { SpokenPart } from './spoken/sentences.js' */

/** @typedef {Part & SpokenPart & PromiseWithResolvers<Response>} Sentence `promise` is that of the response */

// A connection that was not used for so long may have been closed.
const COLD_MS = 60_000;
const WARM_UP_MS = 10_000;
// The length of a language code that servers know.
const ISO_639_1 = 2;

/**
 * Speaks with the server's voice: sentence by sentence, without gaps.
 *
 * @implements {Player}
 */
export class ServerPlayer {
  #host;
  #events;
  #api;
  #proof;
  #output;
  #lookahead = new Lookahead();
  #progress = new Progress();
  /** @type {Sentence[]} what is not scheduled to its end */
  #queue = [];
  #running = false;
  #stop = new AbortController();
  #timer = 0;
  #used = -Infinity;
  /** @type {SpokenPart[] | null} what another voice is to say, after a failure */
  #unsaid = null;

  /**
   * @param {VoiceAgentElement} host
   * @param {PlayerEvents} events
   * @param {Api} api
   */
  constructor(host, events, api) {
    this.#host = host;
    this.#events = events;
    this.#api = api;
    this.#proof = api.proof ??= new Proof();
    this.#output = new Output({
      ended: () => this.#endIfDone(),
      blocked: () => events.blocked(),
      lost: () => this.#end(),
    });
  }

  unlock() {
    this.#warmUp();
    return this.#output.unlock();
  }

  get busy() {
    return this.#queue.length > 0 || this.#output.busy || !!this.#unsaid?.length;
  }

  get level() {
    return this.#output.level;
  }

  get heard() {
    return this.#progress.heard(this.#output.time);
  }

  duck() {
    this.#output.duck();
  }

  restore() {
    this.#output.restore();
  }

  /** @param {SpokenPart} part */
  say(part) {
    if (this.#unsaid) {
      this.#unsaid.push(part);
      return;
    }
    this.#queue.push({ ...part, ...Promise.withResolvers() });
    this.#fetch();
    if (!this.#running) this.#run();
  }

  stop() {
    this.#drop();
    this.#output.stop();
    this.#progress = new Progress();
    // Whoever took over the sentences sees that they are gone.
    this.#unsaid?.splice(0);
    this.#unsaid = null;
  }

  /** There is no sound any more. */
  #end() {
    this.stop();
    this.#events.ended();
  }

  /** Drops what was not scheduled yet. */
  #drop() {
    this.#stop.abort();
    this.#stop = new AbortController();
    clearTimeout(this.#timer);
    this.#queue = [];
    this.#running = false;
  }

  /** Opens a connection to the server before a sentence needs it. */
  #warmUp() {
    const now = performance.now();
    if (now - this.#used < COLD_MS) return;
    this.#used = now;
    this.#api.request('/health', { method: 'HEAD' }, () => {}, AbortSignal.timeout(WARM_UP_MS)).catch(() => {});
  }

  /** Requests what is needed soon. */
  #fetch() {
    clearTimeout(this.#timer);
    const { signal } = this.#stop;
    const { due, again } = this.#lookahead.plan(this.#queue, this.#output.left, performance.now() / 1000);
    for (const sentence of due) {
      sentence.requested = performance.now() / 1000;
      sentence.resolve(this.#request(sentence.text, signal));
      sentence.promise.then(() => this.#responded(sentence)).catch(() => {});
    }
    if (again !== undefined) this.#timer = setTimeout(() => this.#fetch(), again * 1000);
  }

  /**
   * @param {string} text
   * @param {AbortSignal} signal
   */
  #request(text, signal) {
    this.#used = performance.now();
    const headers = { 'Content-Type': 'application/json', ...this.#proof.headers };
    const voice = this.#host.getAttribute('voice') ?? undefined;
    const [language] = spokenLanguage(this.#host).split('-');
    const known = language.length === ISO_639_1 ? language : undefined;
    const body = JSON.stringify({ text, format: 'pcm', voice, language: known, ...this.#proof.fields });
    return this.#api.post('/speech', { headers, body }, (response) => response, signal);
  }

  /** @param {Sentence} sentence */
  #responded({ requested = 0 }) {
    this.#lookahead.responded(performance.now() / 1000 - requested);
  }

  /** Plays the queue to its end; a failure is handed to the next voice. */
  async #run() {
    this.#running = true;
    const { signal } = this.#stop;
    try {
      await this.#output.audible(signal);
      while (this.#queue.length) {
        await this.#play(this.#queue[0], signal);
        this.#queue.shift();
        this.#fetch();
      }
      this.#running = false;
    } catch (error) {
      if (signal.aborted) return;
      await this.#handOver(/** @type {ApiError} */ (error));
    }
    this.#endIfDone();
  }

  /** @param {ApiError} error */
  async #handOver(error) {
    const unsaid = this.#queue.map(({ text, shown }) => ({ text, shown }));
    this.#unsaid = unsaid;
    this.#drop();
    await new Promise((resolve) => setTimeout(resolve, this.#output.left * 1000));
    await this.#events.takeOver(error, unsaid);
    unsaid.splice(0);
  }

  /**
   * Schedules a sentence as its sound arrives.
   *
   * @param {Sentence} sentence
   * @param {AbortSignal} signal
   */
  async #play(sentence, signal) {
    const response = await sentence.promise;
    signal.throwIfAborted();
    if (!response.body) return;
    for await (const samples of samplesOf(response)) {
      signal.throwIfAborted();
      const { begin, end, delay } = this.#output.schedule(samples);
      if (sentence.scheduled === undefined) this.#progress.begin(sentence, begin);
      this.#progress.extend(end, false);
      sentence.scheduled = (sentence.scheduled ?? 0) + samples.length / SAMPLE_RATE;
      this.#events.started(delay);
    }
    signal.throwIfAborted();
    const { scheduled = 0, text } = sentence;
    this.#progress.extend(this.#output.time + this.#output.left, true);
    this.#lookahead.spoken(text, scheduled);
  }

  #endIfDone() {
    if (!this.busy) this.#events.ended();
  }
}
