const RATE = 24_000;
const LEAD = 0.02;
// What is interrupted must not have been fetched to its end.
const AHEAD = 1;

/** Says sentences in order, without gaps: while one plays, the next is fetched. */
export class Player {
  #queue = [];
  #at = 0;
  #sources = new Set();
  #stop = new AbortController();

  // fetch(text, signal) gives a Response of 24 kHz samples.
  constructor(fetch, { started, ended, blocked, failed }) {
    Object.assign(this, { fetch, started, ended, blocked, failed });
  }

  // To be called in a gesture, or the browser may keep silent.
  unlock() {
    this.context ??= new AudioContext({ sampleRate: RATE });
    return this.context.resume();
  }

  get busy() {
    return this.#queue.length > 0 || this.#sources.size > 0;
  }

  say(text) {
    this.#queue.push({ text });
    this.#fetch();
    if (!this.running) this.#run();
  }

  stop() {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#queue = [];
    this.#sources.forEach((source) => source.stop());
    this.#sources.clear();
    this.running = false;
    this.#at = 0;
  }

  #fetch() {
    const { signal } = this.#stop;
    for (const sentence of this.#queue.slice(0, 2)) {
      sentence.response ??= this.fetch(sentence.text, signal);
      sentence.response.catch(() => {});
    }
  }

  async #run() {
    this.running = true;
    const { signal } = this.#stop;
    try {
      await this.#audible(signal);
      while (this.#queue.length) {
        const { body } = await this.#queue[0].response;
        await this.#play(body.getReader(), signal);
        this.#queue.shift();
        this.#fetch();
        await new Promise((resolve) => setTimeout(resolve, (this.#at - this.context.currentTime - AHEAD) * 1000));
        signal.throwIfAborted();
      }
      this.running = false;
    } catch (error) {
      if (signal.aborted) return;
      this.stop();
      this.failed(error);
    }
    this.#check();
  }

  async #audible(signal) {
    const unlocked = this.unlock();
    if (this.context.state === 'running') return;
    const late = setTimeout(() => this.context.state !== 'running' && this.blocked(), 300);
    const unlock = () => this.unlock();
    for (const type of ['pointerdown', 'keydown']) addEventListener(type, unlock, { signal, once: true });
    await Promise.race([unlocked, new Promise((_, reject) => (signal.onabort = reject))]);
    clearTimeout(late);
  }

  async #play(reader, signal) {
    for (let rest = new Uint8Array(); ; ) {
      const { value, done } = await reader.read();
      signal.throwIfAborted();
      if (done) return;
      const bytes = new Uint8Array(rest.length + value.length);
      bytes.set(rest);
      bytes.set(value, rest.length);
      rest = bytes.slice(bytes.length & ~1);
      if (bytes.length > 1) this.#schedule(new Int16Array(bytes.buffer, 0, bytes.length >> 1));
    }
  }

  #schedule(samples) {
    const { context } = this;
    const buffer = context.createBuffer(1, samples.length, RATE);
    buffer.copyToChannel(Float32Array.from(samples, (sample) => sample / 32_768), 0);
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(context.destination);
    this.#at = Math.max(this.#at, context.currentTime + LEAD);
    source.start(this.#at);
    this.started((this.#at - context.currentTime) * 1000);
    this.#at += buffer.duration;
    this.#sources.add(source);
    source.onended = () => this.#sources.delete(source) && this.#check();
  }

  #check() {
    if (!this.busy) this.ended();
  }
}
