import { Resampler } from './resampler.js';
import { Bands, FRAME } from './vad/bands.js';
import { Network } from './vad/network.js';

/**
 * An audio worklet that posts, every 20 ms, the probability of speech, its level, and the sound at 16 kHz in 16 bits.
 */
class Meter extends AudioWorkletProcessor {
  #resampler = new Resampler(sampleRate);
  #bands = new Bands();
  #network = new Network();
  #frame = new Float32Array(FRAME);
  #count = 0;

  /** @param {Float32Array[][]} inputs */
  process([[samples = new Float32Array()]]) {
    const heard = this.#resampler.push(samples);
    for (let index = 0; index < heard.length; index += 1) {
      this.#frame[this.#count++] = heard[index];
      if (this.#count === FRAME) this.#post();
    }
    return true;
  }

  #post() {
    this.#count = 0;
    this.#bands.measure(this.#frame);
    const probability = this.#network.hear(this.#bands.values);
    const sound = new Int16Array(FRAME);
    for (let index = 0; index < FRAME; index += 1) sound[index] = toInteger(this.#frame[index]);
    this.port.postMessage([probability, this.#bands.level, sound], [sound.buffer]);
  }
}

/** @param {number} sample */
function toInteger(sample) {
  return Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768)));
}

registerProcessor('voice-agent-meter', Meter);
