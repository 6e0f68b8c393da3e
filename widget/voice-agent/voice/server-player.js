import { onGesture } from './gesture.js';
import { readSamples } from './pcm.js';
import { Proof } from './proof.js';

/** @import { Api } from '../api/api.js' */
/** @import { ApiError } from '../api/errors.js' */
/** @import { VoiceAgentElement } from '../element.js' */
/** @import { Player, PlayerEvents } from './interfaces.js' */

/** @typedef {{ text: string, response?: Promise<Response> }} Sentence */

const SAMPLE_RATE = 24_000;
// Sound is scheduled at least this far ahead, so that it begins in time.
const LEAD_SAMPLES = 240;
// The next sentence is read when so much is left of what was scheduled.
const AHEAD_SECONDS = 1;
// So many sentences are fetched at a time: the one that is played, and the next.
const FETCHED = 2;
// A browser that has not begun to play by then wants a gesture first.
const BLOCKED_MS = 300;
// Sound that the system has stopped waits so long for a tap or the system to bring it back.
const SUSPENDED_MS = 5000;

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
  /** @type {AudioContext | undefined} */
  #context;
  /** @type {Sentence[]} */
  #queue = [];
  #running = false;
  /** Where the scheduled sound ends, in samples on the audio clock. */
  #end = 0;
  /** @type {Set<AudioBufferSourceNode>} what sounds, or will */
  #sources = new Set();
  #stop = new AbortController();
  /** @type {string[] | null} what the browser's own voice is to say, after a failure */
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
  }

  unlock() {
    return this.#audio().resume();
  }

  get busy() {
    return this.#queue.length > 0 || this.#sources.size > 0 || !!this.#unsaid?.length;
  }

  /** @param {string} text */
  say(text) {
    if (this.#unsaid) {
      this.#unsaid.push(text);
      return;
    }
    this.#queue.push({ text });
    this.#fetch();
    if (!this.#running) this.#run();
  }

  stop() {
    this.#drop();
    for (const source of this.#sources) source.stop();
    this.#sources.clear();
    this.#end = 0;
    // Whoever took over the sentences sees that they are gone.
    this.#unsaid?.splice(0);
    this.#unsaid = null;
  }

  #audio() {
    this.#context ??= this.#newContext();
    return this.#context;
  }

  #newContext() {
    const context = new AudioContext({ sampleRate: SAMPLE_RATE });
    context.onstatechange = () => {
      if (context.state !== 'running' && this.busy) this.#interrupted(context);
    };
    return context;
  }

  /**
   * The system has stopped the sound, for a call or other headphones: it continues as soon as it may, else speaking
   * is over.
   *
   * @param {AudioContext} context
   */
  #interrupted(context) {
    const { signal } = this.#stop;
    onGesture(() => context.resume(), { signal, once: true });
    context.resume().catch(() => {});
    setTimeout(() => {
      if (signal.aborted || context.state === 'running') return;
      this.stop();
      this.#events.ended();
    }, SUSPENDED_MS);
  }

  /** Drops what was not scheduled yet. */
  #drop() {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#queue = [];
    this.#running = false;
  }

  #fetch() {
    const { signal } = this.#stop;
    for (const sentence of this.#queue.slice(0, FETCHED)) {
      sentence.response ??= this.#request(sentence.text, signal);
      sentence.response.catch(() => {});
    }
  }

  /**
   * @param {string} text
   * @param {AbortSignal} signal
   */
  #request(text, signal) {
    const headers = { 'Content-Type': 'application/json', ...this.#proof.headers };
    const voice = this.#host.getAttribute('voice') ?? undefined;
    const body = JSON.stringify({ text, format: 'pcm', voice, ...this.#proof.fields });
    return this.#api.post('/speech', { headers, body }, (response) => response, signal);
  }

  /** Plays the queue to its end; a failure is handed to the browser's own voice. */
  async #run() {
    this.#running = true;
    const { signal } = this.#stop;
    try {
      await this.#audible(signal);
      while (this.#queue.length) {
        await this.#play(await this.#queue[0].response, signal);
        this.#queue.shift();
        this.#fetch();
        await this.#untilLeft(AHEAD_SECONDS);
        signal.throwIfAborted();
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
    const unsaid = this.#queue.map(({ text }) => text);
    this.#unsaid = unsaid;
    this.#drop();
    await this.#untilLeft(0);
    await this.#events.takeOver(error, unsaid);
    unsaid.splice(0);
  }

  /**
   * Resolves when only so many seconds are left of what was scheduled.
   *
   * @param {number} seconds
   */
  #untilLeft(seconds) {
    const left = this.#end / SAMPLE_RATE - this.#audio().currentTime;
    return new Promise((resolve) => setTimeout(resolve, (left - seconds) * 1000));
  }

  /**
   * Resolves when the browser lets sound be heard.
   *
   * @param {AbortSignal} signal
   */
  async #audible(signal) {
    const unlocked = this.unlock();
    const context = this.#audio();
    if (context.state === 'running') return;
    setTimeout(() => {
      if (!signal.aborted && context.state !== 'running') this.#events.blocked();
    }, BLOCKED_MS);
    onGesture(() => this.unlock(), { signal });
    await Promise.race([unlocked, new Promise((_, reject) => signal.addEventListener('abort', reject))]);
  }

  /**
   * @param {Response | undefined} response
   * @param {AbortSignal} signal
   */
  async #play(response, signal) {
    if (!response?.body) return;
    for await (const samples of readSamples(response.body)) {
      signal.throwIfAborted();
      this.#schedule(samples);
    }
    signal.throwIfAborted();
  }

  /** @param {Int16Array} samples */
  #schedule(samples) {
    const context = this.#audio();
    const buffer = context.createBuffer(1, samples.length, SAMPLE_RATE);
    buffer.copyToChannel(Float32Array.from(samples, (sample) => sample / 32_768), 0);
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(context.destination);
    const now = Math.round(context.currentTime * SAMPLE_RATE);
    const begin = Math.max(this.#end, now + LEAD_SAMPLES);
    source.start(begin / SAMPLE_RATE);
    this.#end = begin + samples.length;
    this.#sources.add(source);
    source.onended = () => {
      if (this.#sources.delete(source)) this.#endIfDone();
    };
    this.#events.started(((begin - now) / SAMPLE_RATE) * 1000);
  }

  #endIfDone() {
    if (!this.busy) this.#events.ended();
  }
}
