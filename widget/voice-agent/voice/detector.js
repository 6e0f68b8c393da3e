// Levels are relative to full scale. The number after a constant is where that kind of sound starts to be
// misjudged; docs/decisions/0011 says how it was measured.

/** Seconds of levels that are remembered. 2 to 4 work. */
const MEMORY = 3;
/** This share of the remembered levels is taken for noise. Speech: 0.3. */
const FLOOR_SHARE = 0.2;
/** Speech is this many times louder than noise. A fan: 2.2. */
const OVER_FLOOR = 2.4;
/** Speech is louder than this share of the loudest level. A suppressed fan: 0.05; soft syllables: 0.1. */
const UNDER_PEAK = 0.07;
/** Below this share of the level of speech it is quiet. A fan: 0.6; soft syllables: 0.8. */
const QUIET_SHARE = 0.7;
/** Nothing quieter is speech. Speech at -40 dBFS. */
const MIN_LEVEL = 0.0035;
/** While the agent speaks, nothing quieter is the visitor. An echo at -30 dBFS. */
const MIN_LEVEL_OVER_ECHO = 0.032;
/** Seconds near the peak that make it speech. Clicks: 0.06; 'Yes.': 0.2. */
const MIN_SPEECH = 0.09;
/** How fast a run of sound fades in a pause, in seconds per second. Clicks: 0.2; speech: 0.6. */
const FADING = 0.3;
/** Measurements over which a change of the level is looked for. Gusts: 8. */
const LAG = 6;
/** Speech changes by more than this share of its level. Gusts: 0.3. */
const MIN_CHANGE = 0.35;

/** Tells speech from noise by the level alone. */
export class Detector {
  /** Seconds that were louder than noise. */
  voiced = 0;
  /** Seconds since it was last loud. */
  quiet = 0;
  /** Seconds since the beginning. */
  elapsed = 0;
  /** Whether there was speech. */
  heard = false;
  #silence;
  /** @type {number[]} the levels of the last seconds */
  #recent = [];
  #audible = false;
  // A run of sound: how many seconds it was near its peak, the peak, how much it changed, measurements in it.
  #run = 0;
  #peak = 0;
  #change = 0;
  #length = 0;

  /** @param {number} silence seconds that end a question */
  constructor(silence) {
    this.#silence = silence;
  }

  /** Begins a new question. What noise is like is remembered. */
  reset() {
    this.voiced = this.quiet = this.elapsed = 0;
    this.heard = false;
    this.#endRun();
  }

  /**
   * @param {number} level
   * @param {number} seconds that it lasted
   * @param {boolean} speaking whether the agent is being heard
   */
  hear(level, seconds, speaking) {
    const threshold = Math.max(MIN_LEVEL, this.#noise(level, seconds), speaking ? MIN_LEVEL_OVER_ECHO : 0);
    const audible = level > QUIET_SHARE * threshold;
    // One loud measurement is a click.
    this.quiet = audible && this.#audible ? 0 : this.quiet + seconds;
    this.#audible = audible;
    this.elapsed += seconds;
    this.#length += 1;
    if (level > threshold) this.#extendRun(level, seconds);
    else if ((this.#run -= FADING * seconds) <= 0) this.#endRun();
    this.heard ||= this.interrupts;
  }

  /** Whether there was sound, and then silence for long enough. */
  get ended() {
    return this.voiced > 0 && this.quiet >= this.#silence;
  }

  /** Whether it is loud enough for speech. */
  get speech() {
    return this.#run > 0 && this.quiet === 0;
  }

  /** Whether the sound of the moment is speech. */
  get interrupts() {
    return this.#run >= MIN_SPEECH && this.#change >= 0;
  }

  /**
   * The level that speech has to exceed. Noise has no gaps, so the quietest measurements are noise.
   *
   * @param {number} level
   * @param {number} seconds
   */
  #noise(level, seconds) {
    const recent = this.#recent;
    recent.push(level);
    if (recent.length * seconds > MEMORY) recent.shift();
    const sorted = recent.toSorted((one, other) => one - other);
    const floor = sorted[Math.floor(FLOOR_SHARE * sorted.length)];
    return Math.max(OVER_FLOOR * floor, UNDER_PEAK * sorted[sorted.length - 1]);
  }

  /**
   * Most of a word is near its peak, while a bang dies away; and speech changes, while noise does not.
   *
   * @param {number} level
   * @param {number} seconds
   */
  #extendRun(level, seconds) {
    const recent = this.#recent;
    const before = recent[recent.length - Math.min(LAG, this.#length)];
    this.voiced += seconds;
    this.#peak = Math.max(this.#peak, level);
    this.#run += (seconds * level) / this.#peak;
    this.#change += Math.abs(level - before) - MIN_CHANGE * level;
  }

  #endRun() {
    this.#run = this.#peak = this.#change = this.#length = 0;
  }
}
