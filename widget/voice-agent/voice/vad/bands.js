import { RATE } from '../resampler.js';
import { Spectrum } from './spectrum.js';

// As in training/features.py: what the network was trained with.
const BANDS = 24;
const LOW_HERTZ = 80;
const HIGH_HERTZ = 6500;
const FLOOR = 1e-10;
const SCALE = 0.2;
const OFFSET = 2.5;
const SIZE = 512;
// The level is that of the band of speech: hum is below, hiss above.
const FIRST_BIN = Math.round((300 * SIZE) / RATE);
const LAST_BIN = Math.round((2000 * SIZE) / RATE);

/** The samples of a frame, at `RATE`. */
export const FRAME = RATE / 50;

/** What the network sees of a sound: the logarithm of the power in bands of the mel scale. */
export class Bands {
  /** Its input: one value for each band. */
  values = new Float32Array(BANDS);
  #spectrum = new Spectrum(SIZE);
  #bank = melBank();
  #samples = new Float32Array(SIZE);

  /** @param {Float32Array} frame the next `FRAME` samples */
  measure(frame) {
    this.#samples.copyWithin(0, FRAME);
    this.#samples.set(frame, SIZE - FRAME);
    this.#spectrum.measure(this.#samples);
    const { power } = this.#spectrum;
    for (let band = 0; band < BANDS; band += 1) {
      const { first, weights } = this.#bank[band];
      let sum = FLOOR;
      for (let index = 0; index < weights.length; index += 1) sum += weights[index] * power[first + index];
      this.values[band] = SCALE * Math.log(sum) + OFFSET;
    }
  }

  /** The level of speech, of 1. */
  get level() {
    let sum = 0;
    for (let bin = FIRST_BIN; bin < LAST_BIN; bin += 1) sum += this.#spectrum.power[bin];
    return Math.sqrt(sum);
  }
}

/** For each band, its first bin and the weights of its bins: triangles, evenly spaced on the mel scale. */
function melBank() {
  const [low, high] = [LOW_HERTZ, HIGH_HERTZ].map((hertz) => Math.log1p(hertz / 700));
  const edge = (/** @type {number} */ index) =>
    ((700 * Math.expm1(low + ((high - low) * index) / (BANDS + 1))) / RATE) * SIZE;
  return Array.from({ length: BANDS }, (_, band) => {
    const [left, middle, right] = [edge(band), edge(band + 1), edge(band + 2)];
    const first = Math.ceil(left);
    const weights = Float32Array.from({ length: Math.floor(right) - first + 1 }, (_, index) =>
      Math.min((first + index - left) / (middle - left), (right - first - index) / (right - middle)),
    );
    return { first, weights };
  });
}
