// Levels are root mean squares of full scale, times are seconds.
const MEMORY = 2;
const QUIETEST = 0.006;
const OVER_FLOOR = 3;
// While the agent speaks, what is left of its voice after echo cancellation must not count.
const OVER_ECHO = 0.05;
const LEAST_SPEECH = 0.2;
// Speech changes from frame to frame, by about 40 %; pink noise by 14 %, also while a browser suppresses it.
const LEAST_CHANGE = 0.22;

/** Tells speech from silence and steady noise, by the level alone. */
export class Detector {
  constructor(silence) {
    this.silence = silence;
    this.recent = [];
    this.reset();
  }

  reset() {
    Object.assign(this, { voiced: 0, quiet: 0, elapsed: 0, sum: 0, change: 0, run: 0 });
  }

  // The noise floor is the lowest level of the last seconds: speech has gaps, noise has none.
  hear(level, seconds, speaking) {
    this.recent.push([level, seconds]);
    for (let kept = this.recent.reduce((sum, [, length]) => sum + length, 0); kept > MEMORY; ) kept -= this.recent.shift()[1];
    const { last = level } = this;
    this.last = level;
    const floor = Math.min(...this.recent.map(([each]) => each));
    this.elapsed += seconds;
    const loud = level > Math.max(QUIETEST, OVER_FLOOR * floor, speaking ? OVER_ECHO : 0);
    this.run = loud ? this.run + seconds : 0;
    this.quiet = loud ? 0 : this.quiet + seconds;
    if (!loud) return;
    this.voiced += seconds;
    this.sum += level;
    this.change += Math.abs(level - last);
  }

  get heard() {
    return this.voiced >= LEAST_SPEECH && this.change >= LEAST_CHANGE * this.sum;
  }

  get ended() {
    return this.voiced > 0 && this.quiet >= this.silence;
  }

  get interrupts() {
    return this.run >= LEAST_SPEECH;
  }
}
