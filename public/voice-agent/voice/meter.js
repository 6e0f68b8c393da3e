// 20 ms at 48 kHz.
const FRAME = 960;

class Meter extends AudioWorkletProcessor {
  #sum = 0;
  #count = 0;

  process([[samples = []]]) {
    for (const sample of samples) this.#sum += sample * sample;
    this.#count += samples.length;
    if (this.#count >= FRAME) {
      this.port.postMessage([Math.sqrt(this.#sum / this.#count), this.#count / sampleRate]);
      this.#sum = this.#count = 0;
    }
    return true;
  }
}

registerProcessor('voice-agent-meter', Meter);
