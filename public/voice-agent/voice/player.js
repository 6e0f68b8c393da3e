const RATE = 24_000;
const LEAD_SAMPLES = 240;
const AHEAD_SECONDS = 1;
const BLOCKED_MS = 300;

/** Says sentences in order, without gaps. */
export class Player {
  #queue = [];
  #end = 0;
  #sources = new Set();
  #stop = new AbortController();
  #unsaid = null;

  constructor(host, events, api) {
    Object.assign(this, { host, events, api });
  }

  unlock() {
    this.context ??= new AudioContext({ sampleRate: RATE });
    return this.context.resume();
  }

  get busy() {
    return this.#queue.length > 0 || this.#sources.size > 0 || this.#unsaid?.length > 0;
  }

  say(text) {
    if (this.#unsaid) return this.#unsaid.push(text);
    this.#queue.push({ text });
    this.#fetch();
    if (!this.running) this.#run();
  }

  stop() {
    this.#drop();
    this.#sources.forEach((source) => source.stop());
    this.#sources.clear();
    this.#end = 0;
    this.#unsaid?.splice(0);
    this.#unsaid = null;
  }

  #drop() {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#queue = [];
    this.running = false;
  }

  #fetch() {
    const { signal } = this.#stop;
    for (const sentence of this.#queue.slice(0, 2)) {
      sentence.response ??= this.#request(sentence.text, signal);
      sentence.response.catch(() => {});
    }
  }

  #request(text, signal) {
    const headers = { 'Content-Type': 'application/json' };
    const body = JSON.stringify({ text, format: 'pcm', voice: this.host.getAttribute('voice') ?? undefined });
    return this.api.call('/speech', { method: 'POST', headers, body }, (response) => response, signal);
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
        await this.#until(AHEAD_SECONDS);
        signal.throwIfAborted();
      }
      this.running = false;
    } catch (error) {
      if (signal.aborted) return;
      const unsaid = (this.#unsaid = this.#queue.map(({ text }) => text));
      this.#drop();
      await this.#until(0);
      await this.events.lend(error, unsaid);
      unsaid.splice(0);
    }
    this.#check();
  }

  #until(ahead) {
    const seconds = this.#end / RATE - this.context.currentTime - ahead;
    return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  }

  async #audible(signal) {
    const unlocked = this.unlock();
    if (this.context.state === 'running') return;
    setTimeout(() => signal.aborted || this.context.state === 'running' || this.events.blocked(), BLOCKED_MS);
    for (const type of ['pointerup', 'keydown']) addEventListener(type, () => this.unlock(), { signal });
    await Promise.race([unlocked, new Promise((_, reject) => (signal.onabort = reject))]);
  }

  // A piece may end in the middle of a sample.
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
    const now = Math.round(context.currentTime * RATE);
    const begin = Math.max(this.#end, now + LEAD_SAMPLES);
    source.start(begin / RATE);
    this.#end = begin + samples.length;
    this.#sources.add(source);
    source.onended = () => this.#sources.delete(source) && this.#check();
    this.events.started(((begin - now) / RATE) * 1000);
  }

  #check() {
    if (!this.busy) this.events.ended();
  }
}
