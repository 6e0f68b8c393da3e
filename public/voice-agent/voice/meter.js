const SECONDS = 0.02;
// The band of speech: hum is below, hiss above.
const [LOW, HIGH] = [300, 2000].map((hertz) => 1 - Math.exp((-2 * Math.PI * hertz) / sampleRate));

/** Posts the level of speech, each 20 ms. */
class Meter extends AudioWorkletProcessor {
  passed = 0;
  low = 0;
  lower = 0;
  sum = 0;
  count = 0;

  process([[samples = []]]) {
    for (const sample of samples) {
      this.passed += HIGH * (sample - this.passed);
      this.low += LOW * (this.passed - this.low);
      this.lower += LOW * (this.passed - this.low - this.lower);
      this.sum += (this.passed - this.low - this.lower) ** 2;
    }
    this.count += samples.length;
    if (this.count >= SECONDS * sampleRate) {
      this.port.postMessage([Math.sqrt(this.sum / this.count), this.count / sampleRate]);
      this.sum = this.count = 0;
    }
    return true;
  }
}

registerProcessor('voice-agent-meter', Meter);
