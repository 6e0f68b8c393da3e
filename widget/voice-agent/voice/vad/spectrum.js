/** The power spectrum of a short piece of sound, under a Hann window. */
export class Spectrum {
  /** The power at each frequency, from 0 to half the sampling rate; the sum is that of the mean square. */
  power;
  #window;
  #scale;
  #cosines;
  #sines;
  #places;
  #real;
  #imaginary;

  /** @param {number} size samples in a piece: a power of two */
  constructor(size) {
    const angles = Float32Array.from({ length: size }, (_, index) => (2 * Math.PI * index) / size);
    this.#cosines = angles.map(Math.cos);
    this.#sines = angles.map(Math.sin);
    this.#window = this.#cosines.map((cosine) => 0.5 - 0.5 * cosine);
    this.#scale = 2 / size / this.#window.reduce((sum, weight) => sum + weight ** 2, 0);
    this.#places = reversedBits(size);
    this.#real = new Float32Array(size);
    this.#imaginary = new Float32Array(size);
    this.power = new Float32Array(size / 2 + 1);
  }

  /** @param {Float32Array} samples */
  measure(samples) {
    const real = this.#real;
    const imaginary = this.#imaginary.fill(0);
    const places = this.#places;
    const window = this.#window;
    const { power } = this;
    for (let index = 0; index < places.length; index += 1) {
      const place = places[index];
      real[index] = samples[place] * window[place];
    }
    for (let half = 1; half < real.length; half *= 2) this.#combine(half);
    for (let bin = 0; bin < power.length; bin += 1) {
      power[bin] = this.#scale * (real[bin] * real[bin] + imaginary[bin] * imaginary[bin]);
    }
  }

  /**
   * One pass of the fast Fourier transform.
   *
   * @param {number} half the number of values in each of the parts that are combined
   */
  #combine(half) {
    const real = this.#real;
    const imaginary = this.#imaginary;
    const cosines = this.#cosines;
    const sines = this.#sines;
    const turn = real.length / half / 2;
    for (let first = 0; first < real.length; first += 2 * half) {
      for (let index = 0; index < half; index += 1) {
        const one = first + index;
        const other = one + half;
        const cosine = cosines[index * turn];
        const sine = sines[index * turn];
        const turnedReal = real[other] * cosine + imaginary[other] * sine;
        const turnedImaginary = imaginary[other] * cosine - real[other] * sine;
        real[other] = real[one] - turnedReal;
        imaginary[other] = imaginary[one] - turnedImaginary;
        real[one] += turnedReal;
        imaginary[one] += turnedImaginary;
      }
    }
  }
}

/**
 * For each place, the place whose binary digits are in the opposite order.
 *
 * @param {number} size
 */
function reversedBits(size) {
  const places = new Uint16Array(size);
  for (let index = 1; index < size; index += 1) places[index] = (places[index >> 1] >> 1) | (index & 1 ? size >> 1 : 0);
  return places;
}
