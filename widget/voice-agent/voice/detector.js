/** How likely a frame is speech for speech to begin, and to go on. */
const BEGINS = 0.9;
const GOES_ON = 0.3;
/** The network decides about a frame after so many more (training/network.py). */
const LOOKAHEAD = 2;
/** While the agent speaks, nothing quieter is the visitor: -42 dBFS. Echo cancellation leaves less. */
const MIN_LEVEL_OVER_ECHO = 0.008;
/** Seconds of speech that make it certain. 'Yes.': 0.2. */
const MIN_SPEECH = 0.09;
/** Speech that is less is forgotten after so many seconds without. */
const MAX_GAP = 0.3;

/**
 * What the microphone's worklet says about 20 ms of sound.
 *
 * @typedef {object} Heard
 * @property {number} probability that it is speech
 * @property {number} level of speech, of 1
 * @property {number} seconds that it lasted
 */

/** Decides from the probabilities of speech when it begins and ends. */
export class Detector {
  /** Seconds of speech. */
  voiced = 0;
  /** Seconds since the end of the last speech, as exact as the frames are long. */
  quiet = 0;
  /** Seconds since the beginning. */
  elapsed = 0;
  /** Whether there was enough speech to be certain of it. */
  heard = false;
  /** Whether the frame is speech. */
  speech = false;
  probability = 0;
  #silence;
  /** Seconds of speech, almost without a gap, that are loud enough. */
  #run = 0;

  /** @param {number} silence seconds that end a question */
  constructor(silence) {
    this.#silence = silence;
  }

  /** Begins a new question. Speech that is going on belongs to it. */
  reset() {
    this.voiced = this.quiet = this.elapsed = this.#run = 0;
    this.heard = false;
  }

  /**
   * @param {Heard} frame
   * @param {boolean} speaking whether the agent is being heard
   */
  hear({ probability, level, seconds }, speaking) {
    const before = this.speech;
    this.probability = probability;
    this.speech = probability >= (before ? GOES_ON : BEGINS);
    this.elapsed += seconds;
    if (this.speech) this.#goOn(seconds, !speaking || level >= MIN_LEVEL_OVER_ECHO);
    else this.#pause(before ? (LOOKAHEAD + 1) * seconds : seconds);
    this.heard ||= this.interrupts;
  }

  /** Whether there was sound, and then silence for long enough. */
  get ended() {
    return this.voiced > 0 && this.quiet >= this.#silence;
  }

  /** Whether the sound of the moment is certainly speech. */
  get interrupts() {
    return this.#run >= MIN_SPEECH;
  }

  /**
   * @param {number} seconds
   * @param {boolean} loud
   */
  #goOn(seconds, loud) {
    this.voiced += seconds;
    this.quiet = 0;
    if (loud) this.#run += seconds;
  }

  /** @param {number} seconds */
  #pause(seconds) {
    this.quiet += seconds;
    if (this.quiet > MAX_GAP) this.#run = 0;
  }
}
