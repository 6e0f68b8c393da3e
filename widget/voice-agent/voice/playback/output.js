import { onGesture } from '../gesture.js';
import { Watch } from './watch.js';

/** @typedef {{ ended: () => void, blocked: () => void, lost: () => void }} OutputEvents */

export const SAMPLE_RATE = 24_000;
// Sound is scheduled at least this far ahead, so that it begins in time.
const LEAD_SAMPLES = 240;
// A browser that has not begun to play by then wants a gesture first.
const BLOCKED_MS = 300;
// While the visitor may be speaking, the voice has a fifth of its volume (−14 dB), after so many seconds.
const DUCKED = 0.2;
const RAMP_SECONDS = 0.05;

/** The page's sound: plays samples one after the other without gaps, and keeps going. */
export class Output {
  #events;
  #watch;
  /** @type {AudioContext | undefined} */
  #context;
  /** @type {GainNode | undefined} */
  #gain;
  /** @type {AnalyserNode | undefined} */
  #analyser;
  /** Where the scheduled sound ends, in samples on the audio clock. */
  #end = 0;
  /** @type {Set<AudioBufferSourceNode>} what sounds, or will, in order */
  #sources = new Set();
  #volume = 1;
  /** When the clock of the context began, on a clock that outlasts it. */
  #base = 0;

  /** @param {OutputEvents} events */
  constructor(events) {
    this.#events = events;
    this.#watch = new Watch({
      context: () => this.#audio(),
      busy: () => this.busy,
      renew: () => this.#renew(),
      lost: () => events.lost(),
    });
  }

  /** Whether something sounds, or will. */
  get busy() {
    return this.#sources.size > 0;
  }

  /** How many seconds of sound are scheduled. */
  get left() {
    return Math.max(0, this.#end / SAMPLE_RATE - (this.#context?.currentTime ?? 0));
  }

  /** What is being heard, in seconds on the audio clock; less than what is being played. */
  get time() {
    const { currentTime = 0, outputLatency } = this.#context ?? {};
    return this.#base + currentTime - (outputLatency || 0);
  }

  /** How loud it is, as the root mean square of the samples of a moment. */
  get level() {
    if (!this.#analyser || !this.busy) return 0;
    const samples = new Float32Array(this.#analyser.fftSize);
    this.#analyser.getFloatTimeDomainData(samples);
    return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
  }

  /** Is called in a gesture of the visitor; resolves when sound can be heard. */
  unlock() {
    return this.#audio().resume();
  }

  /**
   * Resolves when the browser lets sound be heard; rejects once `signal` is aborted.
   *
   * @param {AbortSignal} signal
   */
  async audible(signal) {
    const unlocked = this.unlock();
    if (this.#audio().state === 'running') return;
    setTimeout(() => {
      if (!signal.aborted && this.#audio().state !== 'running') this.#events.blocked();
    }, BLOCKED_MS);
    onGesture(() => this.unlock(), { signal });
    await Promise.race([unlocked, new Promise((_, reject) => signal.addEventListener('abort', reject))]);
  }

  /**
   * Plays samples after all others; returns when they begin and end, in seconds on the audio clock.
   *
   * @param {Int16Array} samples
   */
  schedule(samples) {
    const buffer = this.#audio().createBuffer(1, samples.length, SAMPLE_RATE);
    buffer.copyToChannel(Float32Array.from(samples, (sample) => sample / 32_768), 0);
    return this.#schedule(buffer);
  }

  /** Drops everything. */
  stop() {
    for (const source of this.#sources) source.stop();
    this.#sources.clear();
    this.#end = 0;
    this.restore();
  }

  /** Lowers the volume. */
  duck() {
    this.#fade(DUCKED);
  }

  /** Raises the volume again. */
  restore() {
    this.#fade(1);
  }

  /** @param {number} volume */
  #fade(volume) {
    this.#volume = volume;
    const { gain } = this.#gain ?? {};
    if (!gain || !this.#context) return;
    const { currentTime } = this.#context;
    gain.cancelScheduledValues(currentTime);
    gain.setValueAtTime(gain.value, currentTime);
    gain.linearRampToValueAtTime(volume, currentTime + RAMP_SECONDS);
  }

  #audio() {
    if (this.#context && this.#context.state !== 'closed') return this.#context;
    const context = new AudioContext({ sampleRate: SAMPLE_RATE });
    this.#gain = new GainNode(context, { gain: this.#volume });
    this.#analyser = new AnalyserNode(context, { fftSize: 512 });
    this.#gain.connect(this.#analyser).connect(context.destination);
    context.onstatechange = () => this.#watch.look();
    return (this.#context = context);
  }

  /** Plays what is left on a new context: the old one has come to a standstill. */
  #renew() {
    const buffers = Array.from(this.#sources, ({ buffer }) => buffer);
    const old = this.#context;
    this.#base += old?.currentTime ?? 0;
    this.stop();
    this.#context = undefined;
    old?.close().catch(() => {});
    for (const buffer of buffers) if (buffer) this.#schedule(buffer);
  }

  /** @param {AudioBuffer} buffer */
  #schedule(buffer) {
    const context = this.#audio();
    const source = new AudioBufferSourceNode(context, { buffer });
    source.connect(/** @type {GainNode} */ (this.#gain));
    const now = Math.round(context.currentTime * SAMPLE_RATE);
    const begin = Math.max(this.#end, now + LEAD_SAMPLES);
    source.start(begin / SAMPLE_RATE);
    this.#end = begin + buffer.length;
    this.#sources.add(source);
    source.onended = () => {
      if (this.#sources.delete(source) && !this.busy) this.#events.ended();
    };
    this.#watch.start();
    const [from, to] = [begin, this.#end].map((samples) => this.#base + samples / SAMPLE_RATE);
    return { begin: from, end: to, delay: ((begin - now) / SAMPLE_RATE) * 1000 };
  }
}
