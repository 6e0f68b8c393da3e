// Seconds and levels of full scale; beside each what was measured, see docs/decisions/0011.
const MEMORY = 3; // 2 to 4 do
const FLOOR = 0.2; // speech 0.3
const OVER_FLOOR = 2.4; // fan 2.2
const UNDER_PEAK = 0.07; // suppressed fan 0.05, soft syllables 0.1
const STILL = 0.7; // fan 0.6, soft syllables 0.8
const QUIETEST = 0.0035; // speech at -40 dBFS
const OVER_ECHO = 0.032; // echo at -30 dBFS
const LEAST_SPEECH = 0.09; // clicks 0.06, 'Yes.' 0.2
const FADING = 0.3; // clicks 0.2, speech 0.6
const LAG = 6; // frames: gusts 8
const LEAST_CHANGE = 0.35; // gusts 0.3

/** Tells speech from noise by the level. */
export class Detector {
  recent = [];

  constructor(silence) {
    this.silence = silence;
    this.reset();
  }

  reset() {
    Object.assign(this, { voiced: 0, quiet: 0, elapsed: 0, heard: false });
    this.rest();
  }

  hear(level, seconds, speaking) {
    const least = Math.max(QUIETEST, this.noise(level, seconds), speaking ? OVER_ECHO : 0);
    const audible = level > STILL * least;
    this.quiet = audible && this.audible ? 0 : this.quiet + seconds;
    this.audible = audible;
    this.elapsed += seconds;
    this.age++;
    if (level > least) this.follow(level, seconds);
    else if ((this.run -= FADING * seconds) <= 0) this.rest();
    this.heard ||= this.interrupts;
  }

  noise(level, seconds) {
    const { recent } = this;
    recent.push(level);
    if (recent.length * seconds > MEMORY) recent.shift();
    const sorted = recent.toSorted((one, other) => one - other);
    return Math.max(OVER_FLOOR * sorted[Math.floor(FLOOR * sorted.length)], UNDER_PEAK * sorted.at(-1));
  }

  // Most of a word is near its peak; what bangs dies away.
  follow(level, seconds) {
    this.voiced += seconds;
    this.peak = Math.max(this.peak, level);
    this.run += (seconds * level) / this.peak;
    this.change += Math.abs(level - this.recent.at(-Math.min(LAG, this.age))) - LEAST_CHANGE * level;
  }

  rest() {
    Object.assign(this, { run: 0, peak: 0, change: 0, age: 0 });
  }

  get ended() {
    return this.voiced > 0 && this.quiet >= this.silence;
  }

  get interrupts() {
    return this.run >= LEAST_SPEECH && this.change >= 0;
  }
}
