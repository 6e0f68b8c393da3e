import { Resampler } from './resampler.js';

// How often the level is posted.
const SECONDS = 0.02;
// The band of speech, in hertz: hum is below, hiss above.
const LOW_HERTZ = 300;
const HIGH_HERTZ = 2000;

const lowCoefficient = coefficient(LOW_HERTZ);
const highCoefficient = coefficient(HIGH_HERTZ);

/**
 * The coefficient of a one-pole low-pass filter.
 *
 * @param {number} hertz
 */
function coefficient(hertz) {
  return 1 - Math.exp((-2 * Math.PI * hertz) / sampleRate);
}

/** An audio worklet that posts the level of speech, how many seconds it covers, and the sound at 16 kHz in 16 bits. */
class Meter extends AudioWorkletProcessor {
  /** The signal without hiss. */
  #passed = 0;
  /** What is below the band, filtered twice: two poles remove more hum than one. */
  #low = 0;
  #lower = 0;
  /** The sum of the squares of the last samples, and their number. */
  #sum = 0;
  #count = 0;
  #resampler = new Resampler(sampleRate);
  /** @type {number[]} */
  #sound = [];

  /** @param {Float32Array[][]} inputs */
  process([[samples = new Float32Array()]]) {
    for (const sample of samples) {
      this.#passed += highCoefficient * (sample - this.#passed);
      this.#low += lowCoefficient * (this.#passed - this.#low);
      this.#lower += lowCoefficient * (this.#passed - this.#low - this.#lower);
      this.#sum += (this.#passed - this.#low - this.#lower) ** 2;
    }
    this.#count += samples.length;
    for (const sample of this.#resampler.push(samples)) this.#sound.push(toInteger(sample));
    if (this.#count >= SECONDS * sampleRate) this.#post();
    return true;
  }

  #post() {
    const sound = Int16Array.from(this.#sound);
    const message = [Math.sqrt(this.#sum / this.#count), this.#count / sampleRate, sound];
    this.port.postMessage(message, [sound.buffer]);
    this.#sum = this.#count = 0;
    this.#sound = [];
  }
}

/** @param {number} sample */
function toInteger(sample) {
  return Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768)));
}

registerProcessor('voice-agent-meter', Meter);
