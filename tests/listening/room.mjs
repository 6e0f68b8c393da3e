// A visitor in a room with the widget's voice: the real microphone, detector, listener and conversation of turns, on a
// fake clock, with a fake agent that thinks and speaks, and a recogniser that knows which words are in a recording.
import { readFileSync } from 'node:fs';
import { Clock } from './clock.mjs';
import { FakeMicrophone, MARK, RATE } from './microphone.mjs';

const BLOCK_MS = 8;
const BLOCK = (RATE * BLOCK_MS) / 1000;
const WAV_HEADER_BYTES = 44;
// A word of which so much was recorded is understood.
const UNDERSTOOD = 0.6;
// Noise of a quiet room.
const HISS = 0.0005;

export const clock = new Clock();
clock.install();

class Classes extends Set {
  contains(name) {
    return this.has(name);
  }
}

class Element extends EventTarget {
  #attributes = new Map();
  hidden = false;
  documentElement = { lang: '' };
  classList = new Classes();

  setAttribute(name, value) {
    this.#attributes.set(name, value);
  }

  getAttribute(name) {
    return this.#attributes.get(name) ?? null;
  }

  hasAttribute(name) {
    return this.#attributes.has(name);
  }

  closest() {
    return null;
  }
}

globalThis.window = globalThis;
globalThis.document = new Element();
const voice = new URL('../../widget/voice-agent/voice/', import.meta.url);
const { Voice } = await import(new URL('voice.js', voice));
const { ServerListener } = await import(new URL('server-listener.js', voice));
const { Activity } = await import(new URL('../conversation/activity.js', voice));
const { Stopwatch } = await import(new URL('../conversation/stopwatch.js', voice));

/** A recording of tests/detector as samples at 16 kHz. */
export function clip(name) {
  const bytes = readFileSync(new URL(`../detector/recordings/${name}.wav`, import.meta.url));
  const samples = new Int16Array(bytes.buffer.slice(bytes.byteOffset + WAV_HEADER_BYTES, bytes.byteOffset + (bytes.length & ~1)));
  const sound = new Float32Array(2 * samples.length);
  for (let at = 0; at < sound.length; at += 1) {
    const [one, other] = [samples[at >> 1], samples[Math.min(samples.length - 1, (at + 1) >> 1)]];
    sound[at] = (one + other) / 65_536;
  }
  return sound;
}

/** Everything that happens between a visitor and the agent. */
export class Room {
  microphone = new FakeMicrophone();
  host = new Element();
  states = [];
  failures = [];
  metrics = [];
  /** What was asked: {id, text, replaces, interrupted, answer: 'thinking' | 'speaking' | 'whole' | 'stopped'}. */
  turns = [];
  /** The recordings that were transcribed: {words, seconds, aborted, echo}. */
  recordings = [];
  /** What is said: {word, from, to} in milliseconds. */
  words = [];
  /** How long things take, in milliseconds. */
  delays = { transcribe: 300, think: 400, speak: 3000 };
  /** Answers POST /transcribe; a test replaces it. */
  transcribe = (words) => words.map(({ word }) => word).join(' ');
  volume = [];
  #frames = [];
  #sound = [];
  #speaking = [];
  #random = random(1);

  constructor(attributes = {}) {
    for (const [name, value] of Object.entries(attributes)) this.host.setAttribute(name, value);
    document.hidden = false;
    this.microphone.install();
    const room = this;
    this.activity = new Activity((state) => this.states.push(state));
    this.stopwatch = new Stopwatch((metrics) => this.metrics.push(metrics));
    this.session = { kept: {} };
    this.conversation = new Agent(this);
    const context = {
      host: this.host,
      session: this.session,
      conversation: this.conversation,
      activity: this.activity,
      stopwatch: this.stopwatch,
      panel: this.conversation,
      layout: { input: new Element(), panel: new Element() },
      emit: () => {},
      spoken: { begin: () => new Whole() },
      api: { proof: { headers: {} }, post: (...request) => this.#post(...request) },
    };
    const view = {
      level() {},
      interim() {},
      noInterim() {},
      clearFailure() {},
      keepTyped() {},
      update() {},
      removeTurn() {},
      review() {},
      tell: (name, error) => this.failures.push(error?.code ?? name),
    };
    class Speaking extends Loudspeaker {
      constructor(host, events) {
        super(room, events);
        room.loudspeaker = this;
      }
    }
    this.voice = new Voice(context, view, ServerListener, [Speaking]);
    this.voice.join();
  }

  get state() {
    return this.activity.state;
  }

  /** Taps the microphone button. */
  async tap() {
    this.voice.down();
    this.voice.up(false, clock.now);
    await clock.advance(0);
  }

  /** Stops everything. */
  leave() {
    this.conversation.stop();
  }

  /** Says words, one after the other, in the voice of a clip, `after` milliseconds from now. */
  say(text, { after = 0, voice: name = 'question', gain = 1 } = {}) {
    const sound = clip(name);
    const from = clock.now + after;
    const length = (sound.length / RATE) * 1000;
    this.#sound.push({ from, sound: sound.map((sample) => sample * gain) });
    const words = text.split(' ');
    words.forEach((word, index) => {
      const [begin, end] = [from + (index * length) / words.length, from + ((index + 1) * length) / words.length];
      this.words.push({ word, from: begin, to: end });
    });
    return from + length;
  }

  /** Makes a sound that is no speech. */
  noise(sound, after = 0) {
    this.#sound.push({ from: clock.now + after, sound });
  }

  /** Lets time pass with sound. */
  async pass(milliseconds) {
    for (const end = clock.now + milliseconds; clock.now < end; ) {
      const from = clock.now;
      this.microphone.play(this.#block(from), (number) => this.#remember(number, from));
      await clock.advance(BLOCK_MS);
    }
  }

  /** Lets time pass until something is so; returns whether it was in time. */
  async until(condition, milliseconds = 20_000) {
    for (const end = clock.now + milliseconds; clock.now < end && !condition(); ) await this.pass(BLOCK_MS);
    return condition();
  }

  /** What was asked and not replaced. */
  get questions() {
    const replaced = new Set(this.turns.flatMap(({ replaces = [] }) => replaces));
    return this.turns.filter(({ id }) => !replaced.has(id));
  }

  #block(from) {
    const block = Float32Array.from({ length: BLOCK }, () => HISS * (this.#random() - 0.5));
    for (const { from: begin, sound } of this.#sound) {
      const first = Math.round(((from - begin) * RATE) / 1000);
      for (let at = 0; at < BLOCK; at += 1) block[at] += sound[first + at] ?? 0;
    }
    return block;
  }

  #remember(number, at) {
    const last = this.#frames[number - 1];
    this.#frames[number] = { from: last && at - last.to < 40 ? last.to : at - 20, to: at + BLOCK_MS, speaking: this.voice.speaking };
  }

  /** The fake server. */
  async #post(path, { body }, read, stop) {
    const file = body.get('file');
    const samples = new Int16Array((await file.arrayBuffer()).slice(WAV_HEADER_BYTES));
    const frames = [];
    samples.forEach((sample, at) => {
      if (sample === MARK && this.#frames[samples[at + 1] + (samples[at + 2] << 15)]) frames.push(this.#frames[samples[at + 1] + (samples[at + 2] << 15)]);
    });
    const recording = { words: this.#wordsIn(frames), seconds: samples.length / RATE, aborted: false, frames };
    recording.echo = frames.filter(({ speaking }) => speaking).length * 0.02;
    this.recordings.push(recording);
    stop.addEventListener('abort', () => (recording.aborted = true));
    await new Promise((resolve, reject) => {
      setTimeout(resolve, this.delays.transcribe);
      stop.addEventListener('abort', () => reject(stop.reason));
    });
    const text = await this.transcribe(recording.words, recording);
    return read({ json: () => ({ text }) });
  }

  #wordsIn(frames) {
    return this.words.filter(({ from, to }) => {
      const heard = frames.reduce((sum, frame) => sum + Math.max(0, Math.min(to, frame.to) - Math.max(from, frame.from)), 0);
      return heard >= UNDERSTOOD * (to - from);
    });
  }
}

/** The conversation: it thinks, writes and ends. */
class Agent {
  notices = { explain: async () => ({ name: 'lost' }) };
  #room;
  #observer;
  #running = null;
  #stop = null;

  constructor(room) {
    this.#room = room;
  }

  get running() {
    return !!this.#running;
  }

  observe(observer) {
    this.#observer = observer;
  }

  async settled() {
    await this.#running;
  }

  async ask(text, spoken) {
    const room = this.#room;
    while (this.#running) await this.#running;
    const turn = { id: `turn-${room.turns.length + 1}`, text, at: clock.now, ...spoken.amends, since: spoken.since, wasted: spoken.wastedSeconds, answer: 'thinking' };
    room.turns.push(turn);
    room.stopwatch.start(spoken);
    this.#stop = new AbortController();
    this.#running = this.#answer(turn, this.#stop.signal).finally(() => {
      this.#running = null;
      room.stopwatch.settle();
      room.activity.refresh();
    });
    await this.#running;
  }

  async #answer(turn, signal) {
    const { activity, session, delays } = this.#room;
    activity.enter('thinking');
    session.kept.unanswered = { id: turn.id, question: turn.text };
    const stopped = new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    try {
      await Promise.race([new Promise((resolve) => setTimeout(resolve, delays.think)), stopped]);
      activity.enter('answering');
      this.#observer.onText('This is the answer. ');
      await Promise.race([new Promise((resolve) => setTimeout(resolve, 200)), stopped]);
      turn.answer = 'written';
      session.kept.last = turn.id;
    } catch {
      turn.answer = 'stopped';
    }
    session.kept.unanswered = undefined;
    activity.enter('idle');
  }

  cancel() {
    this.#stop?.abort('stop');
  }

  stop() {
    this.#observer.onStop();
    this.cancel();
  }
}

/** An answer is spoken as a whole. */
class Whole {
  #text = '';

  add(piece) {
    this.#text += piece;
    return [];
  }

  flush() {
    return [{ text: this.#text, shown: this.#text.length }];
  }
}

/** What speaks: one sentence takes as long as the room says. */
class Loudspeaker {
  queue = [];
  #room;
  #events;
  #timer;

  constructor(room, events) {
    this.#room = room;
    this.#events = events;
  }

  get busy() {
    return this.queue.length > 0;
  }

  unlock() {}

  say(text) {
    this.queue.push(text);
    if (this.queue.length === 1) this.#speak();
  }

  #speak() {
    this.#timer = setTimeout(() => {
      const turn = this.#room.turns.at(-1);
      if (turn) turn.answer = 'speaking';
      this.#events.started(0);
      this.#timer = setTimeout(() => {
        this.queue.shift();
        if (this.queue.length) return this.#speak();
        if (turn) turn.answer = 'whole';
        this.#events.ended();
      }, this.#room.delays.speak);
    }, 200);
  }

  stop() {
    clearTimeout(this.#timer);
    const turn = this.#room.turns.at(-1);
    if (turn?.answer === 'speaking') turn.answer = 'interrupted';
    this.queue = [];
    this.#room.volume.push('stop');
  }

  duck() {
    this.#room.volume.push('duck');
  }

  restore() {
    if (this.#room.volume.at(-1) === 'duck') this.#room.volume.push('restore');
  }
}

/** A generator of numbers from 0 to 1 (mulberry32). */
export function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296;
  };
}
