// A page with the server's voice in it: the real player, on a fake clock, with a fake loudspeaker and a fake server.
import { Clock } from '../listening/clock.mjs';

const RATE = 24_000;
// What the fake voice speaks, and how much of it arrives at once.
const CHARACTERS_PER_SECOND = 15;
const CHUNK_SECONDS = 0.1;

export const clock = new Clock();
clock.install();

class Page extends EventTarget {
  hidden = false;
  documentElement = { lang: 'en' };
}

/** The page's loudspeaker, whose clock stands still while it is not running. */
class FakeAudioContext extends EventTarget {
  static all = [];
  static resumable = true;
  destination = {};
  outputLatency = 0;
  state = 'running';
  #since = clock.now;
  #before = 0;
  #sources = new Set();

  constructor() {
    super();
    FakeAudioContext.all.push(this);
    if (!FakeAudioContext.resumable) this.become('suspended');
  }

  get currentTime() {
    return this.#before + (this.state === 'running' && !this.stuck ? (clock.now - this.#since) / 1000 : 0);
  }

  become(state) {
    this.#before = this.currentTime;
    this.#since = clock.now;
    this.state = state;
    this.#wait();
    this.onstatechange?.();
  }

  /** Nothing moves any more, although it says that it is running. */
  get stuck() {
    return this.#stuck;
  }

  set stuck(stuck) {
    this.#before = this.currentTime;
    this.#since = clock.now;
    this.#stuck = stuck;
    this.#wait();
  }

  #stuck = false;
  #timer = 0;

  async resume() {
    if (!FakeAudioContext.resumable) return new Promise(() => {});
    if (this.state !== 'running') this.become('running');
  }

  async close() {
    this.become('closed');
  }

  createBuffer(channels, length, rate) {
    return { length, duration: length / rate, copyToChannel() {} };
  }

  add(source) {
    this.#sources.add(source);
    this.#wait();
  }

  remove(source) {
    this.#sources.delete(source);
  }

  /** Waits for the end of the first source, if time goes on. */
  #wait() {
    clearTimeout(this.#timer);
    const [first] = this.#sources;
    if (!first || this.state !== 'running' || this.stuck) return;
    const end = () => {
      this.#sources.delete(first);
      first.onended?.();
      this.#wait();
    };
    this.#timer = setTimeout(end, Math.max(0, (first.end - this.currentTime) * 1000));
  }
}

class FakeNode {
  constructor(context, options = {}) {
    this.context = context;
    this.fftSize = options.fftSize;
    this.gain = {
      value: options.gain,
      cancelScheduledValues() {},
      setValueAtTime() {},
      linearRampToValueAtTime(value, at) {
        this.value = value;
        this.at = at;
        FakeNode.volumes.push([value, at]);
      },
    };
  }

  static volumes = [];

  connect(next) {
    return next;
  }
}

/** All that was played: {begin, end} in seconds on the page's clock. */
export const played = [];

class FakeSource extends FakeNode {
  constructor(context, { buffer }) {
    super(context);
    this.buffer = buffer;
  }

  start(when) {
    this.end = when + this.buffer.duration;
    const begin = clock.now / 1000 + when - this.context.currentTime;
    played.push((this.entry = { begin, end: begin + this.buffer.duration }));
    this.context.add(this);
  }

  stop() {
    this.entry.end = Math.min(this.entry.end, clock.now / 1000);
    this.context.remove(this);
  }
}

Object.assign(globalThis, {
  window: globalThis,
  document: new Page(),
  AudioContext: FakeAudioContext,
  GainNode: FakeNode,
  AnalyserNode: FakeNode,
  AudioBufferSourceNode: FakeSource,
});
export const page = new EventTarget();
globalThis.addEventListener = (...all) => page.addEventListener(...all);
Object.defineProperty(globalThis, 'navigator', { value: { mediaDevices: new EventTarget(), userAgent: '' }, configurable: true });
export const contexts = FakeAudioContext.all;
export const volumes = FakeNode.volumes;
export const AudioOfThePage = FakeAudioContext;
const { ServerPlayer } = await import(new URL('../../widget/voice-agent/voice/server-player.js', import.meta.url));

/** A player whose server takes `synthesis` seconds until the first sound of a sentence. */
export class Room {
  requests = [];
  events = [];
  warmedUp = 0;

  constructor({ synthesis = 0.3, speed = Infinity } = {}) {
    this.synthesis = synthesis;
    this.speed = speed;
    played.length = 0;
    volumes.length = 0;
    FakeAudioContext.resumable = true;
    const record = (name) => (...all) => void this.events.push([name, ...all]);
    const events = Object.fromEntries(['ended', 'blocked', 'muted'].map((name) => [name, record(name)]));
    events.started = () => (this.firstSound ??= clock.now);
    events.takeOver = async (error, unsaid) => void this.events.push(['takeOver', error.code, unsaid.map(({ text }) => text)]);
    const api = {
      post: (path, { body }, read, signal) => this.#speech(JSON.parse(body).text, signal).then(read),
      request: async () => void (this.warmedUp += 1),
    };
    this.player = new ServerPlayer({ getAttribute: (name) => (name === 'language' ? 'en' : null), closest: () => null }, events, api);
  }

  /** Says parts, of which each ends where its text does in an answer of all of them. */
  say(...texts) {
    let shown = 0;
    for (const text of texts) this.player.say({ text, shown: (shown += text.length + 1) - 1 });
  }

  /** The silences between what was played, in milliseconds. */
  get gaps() {
    const gaps = played.slice(1).map(({ begin }, place) => Math.round((begin - played[place].end) * 1000));
    return gaps.filter((gap) => gap > 0);
  }

  async #speech(text, signal) {
    this.requests.push({ text, at: clock.now });
    const seconds = typeof this.synthesis === 'function' ? this.synthesis(text) : this.synthesis;
    await new Promise((resolve, reject) => {
      setTimeout(resolve, seconds * 1000);
      signal.addEventListener('abort', () => reject(signal.reason));
    });
    if (this.fails?.(text)) throw Object.assign(new Error(), { code: 'responder_failed' });
    return { body: this.#sound(text), headers: new Headers({ 'Content-Type': 'audio/pcm' }) };
  }

  #sound(text) {
    let left = Math.round((text.length / CHARACTERS_PER_SECOND) * RATE);
    const chunk = () => Math.min(left, Math.round(CHUNK_SECONDS * RATE));
    return new ReadableStream({
      pull: async (controller) => {
        if (this.speed < Infinity) await new Promise((done) => setTimeout(done, (CHUNK_SECONDS * 1000) / this.speed));
        const samples = chunk();
        left -= samples;
        if (samples) controller.enqueue(new Uint8Array(2 * samples));
        else controller.close();
      },
    });
  }
}
