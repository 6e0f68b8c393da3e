/** The sampling rate that speech recognition works with, in hertz. */
export const RATE = 16_000;
// A windowed sinc with 8 zero crossings on either side and its edge at 90 % of the band: aliases are 50 dB down.
const CROSSINGS = 8;
const EDGE = 0.9;
const PHASES = 128;

/** Converts samples to 16 kHz, block by block. */
export class Resampler {
  /** Input samples for one output sample. */
  #step;
  #half;
  #kernels;
  /** Input samples that are still needed, and where among them the next output sample is. */
  #pending;
  #at;

  /** @param {number} rate of the input, in hertz */
  constructor(rate) {
    this.#step = rate / RATE;
    const stretch = Math.max(1, this.#step) / EDGE;
    this.#half = Math.ceil(CROSSINGS * stretch);
    this.#kernels = Array.from({ length: PHASES }, (_, phase) => kernel(this.#half, stretch, phase / PHASES));
    this.#pending = new Float32Array(this.#half);
    this.#at = this.#half;
  }

  /**
   * Takes a block and returns what can be computed so far.
   *
   * @param {Float32Array} samples
   */
  push(samples) {
    const input = new Float32Array(this.#pending.length + samples.length);
    input.set(this.#pending);
    input.set(samples, this.#pending.length);
    const output = [];
    for (; this.#at + this.#half + 1 < input.length; this.#at += this.#step) output.push(this.#sample(input));
    const used = Math.floor(this.#at) - this.#half;
    this.#pending = input.slice(used);
    this.#at -= used;
    return Float32Array.from(output);
  }

  /** @param {Float32Array} input */
  #sample(input) {
    const first = Math.floor(this.#at);
    const weights = this.#kernels[Math.floor((this.#at - first) * PHASES)];
    let sum = 0;
    for (let index = 0; index < weights.length; index += 1) sum += weights[index] * input[first - this.#half + index];
    return sum;
  }
}

/**
 * The weights of the input samples around an output sample that lies `phase` after one of them; their sum is 1.
 *
 * @param {number} half
 * @param {number} stretch
 * @param {number} phase
 */
function kernel(half, stretch, phase) {
  const weights = Float32Array.from({ length: 2 * half + 1 }, (_, index) => {
    const distance = index - half - phase;
    const x = (Math.PI * distance) / stretch;
    const window = Math.cos((Math.PI * distance) / (2 * half + 2)) ** 2;
    return (x ? Math.sin(x) / x : 1) * window;
  });
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}
