import { WEIGHTS } from './weights.js';

// As in training/network.py.
const BANDS = 24;
const DENSE = 24;
const UNITS = 36;
// A character stands for a weight of -46 to 46; two are replaced, because a string would need a backslash.
const ZERO = 80;
const REPLACED = new Map([
  [33, 39],
  [32, 92],
]);

/** A matrix of weights, each row of which may end with what is added; and its product with a vector. */
class Layer {
  #rows;
  #result;

  /** @param {Float32Array[]} rows */
  constructor(rows) {
    this.#rows = rows;
    this.#result = new Float32Array(rows.length);
  }

  /** @param {Float32Array} vector */
  of(vector) {
    const rows = this.#rows;
    const result = this.#result;
    const { length } = vector;
    for (let place = 0; place < rows.length; place += 1) {
      const row = rows[place];
      let sum = row.length > length ? row[length] : 0;
      for (let index = 0; index < length; index += 1) sum += row[index] * vector[index];
      result[place] = sum;
    }
    return result;
  }
}

/** Reads layers from the characters of `WEIGHTS`, one after the other. */
class Reader {
  #at = 0;

  /**
   * @param {number} rows
   * @param {number} columns
   */
  layer(rows, columns) {
    return new Layer(Array.from({ length: rows }, () => this.#row(columns)));
  }

  /** @param {number} columns */
  #row(columns) {
    const scale = 2 ** (this.#next() / 4 - 7);
    return Float32Array.from({ length: columns }, () => scale * this.#next());
  }

  #next() {
    const code = WEIGHTS.charCodeAt(this.#at++);
    return (REPLACED.get(code) ?? code) - ZERO;
  }
}

/**
 * The gated recurrent network that tells speech from noise. After each frame it says how likely it is that somebody
 * spoke `LOOKAHEAD` frames before.
 */
export class Network {
  #dense;
  #input;
  #carry;
  #output;
  #state = new Float32Array(UNITS);

  constructor() {
    const reader = new Reader();
    this.#dense = reader.layer(DENSE, BANDS + 1);
    this.#input = reader.layer(3 * UNITS, DENSE + 1);
    this.#carry = reader.layer(3 * UNITS, UNITS);
    this.#output = reader.layer(1, UNITS + 1);
  }

  /**
   * The probability of speech.
   *
   * @param {Float32Array} bands of a frame
   */
  hear(bands) {
    const dense = this.#dense.of(bands);
    for (let unit = 0; unit < DENSE; unit += 1) dense[unit] = Math.tanh(dense[unit]);
    this.#remember(this.#input.of(dense), this.#carry.of(this.#state));
    return sigmoid(this.#output.of(this.#state)[0]);
  }

  /**
   * @param {Float32Array} input
   * @param {Float32Array} carried
   */
  #remember(input, carried) {
    const state = this.#state;
    for (let unit = 0; unit < UNITS; unit += 1) {
      const keep = sigmoid(input[unit] + carried[unit]);
      const reset = sigmoid(input[UNITS + unit] + carried[UNITS + unit]);
      const next = Math.tanh(input[2 * UNITS + unit] + reset * carried[2 * UNITS + unit]);
      state[unit] = keep * state[unit] + (1 - keep) * next;
    }
  }
}

/** @param {number} value */
function sigmoid(value) {
  return 1 / (1 + Math.exp(-value));
}
