// The browser's side of a microphone: what the widget's own microphone.js and meter.js run on.
export const RATE = 16_000;
// Web Audio's blocks.
const BLOCK = 128;
// The first samples of a frame say which one it is, so that a recogniser finds the words of a recording.
export const MARK = 21_845;

let Meter;
let post = () => {};
globalThis.sampleRate = RATE;
globalThis.AudioWorkletProcessor = class {
  port = { postMessage: (message) => post(message) };
};
globalThis.registerProcessor = (_, processor) => (Meter = processor);
await import(new URL('../../widget/voice-agent/voice/meter.js', import.meta.url));

class Track extends EventTarget {
  muted = false;
  readyState = 'live';
  device;

  constructor(device) {
    super();
    this.device = device;
  }

  getSettings() {
    return { deviceId: this.device };
  }

  stop() {
    this.readyState = 'ended';
  }

  /** The browser ends it. */
  end() {
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }

  mute(muted) {
    this.muted = muted;
    this.dispatchEvent(new Event(muted ? 'mute' : 'unmute'));
  }
}

/** A microphone whose sound a test plays, block by block, and whose faults it causes. */
export class FakeMicrophone {
  /** The tracks that were opened, and the contexts. */
  tracks = [];
  contexts = [];
  devices = ['built-in'];
  permission = 'granted';
  /** Answers getUserMedia; a test replaces it. */
  open = async () => new Track(this.devices[0]);
  /** Whether sound may go on when a page asks for it. */
  resumable = true;
  /** How many frames the widget was sent. */
  frames = 0;
  #nodes = [];

  install() {
    const fake = this;
    const devices = new EventTarget();
    devices.getUserMedia = async () => {
      const track = await fake.open();
      fake.tracks.push(track);
      return { getTracks: () => [track], getAudioTracks: () => [track] };
    };
    devices.enumerateDevices = async () => fake.devices.map((deviceId) => ({ kind: 'audioinput', deviceId }));
    this.mediaDevices = devices;
    const permissions = { query: async () => ({ state: fake.permission }) };
    Object.defineProperty(globalThis, 'navigator', {
      value: { mediaDevices: devices, permissions, language: 'en', onLine: true },
      configurable: true,
    });
    globalThis.isSecureContext = true;
    globalThis.AudioContext = class extends EventTarget {
      state = 'suspended';
      sampleRate = RATE;
      audioWorklet = { addModule: async () => {} };

      constructor() {
        super();
        fake.contexts.push(this);
      }

      createMediaStreamSource() {
        return { connect: (node) => node.connected?.(this) };
      }

      resume() {
        if (!fake.resumable) return new Promise(() => {});
        this.become('running');
        return Promise.resolve();
      }

      become(state) {
        if (this.state === state) return;
        this.state = state;
        this.dispatchEvent(new Event('statechange'));
      }

      async close() {
        this.become('closed');
      }
    };
    globalThis.AudioWorkletNode = class {
      port = { onmessage: null };
      meter = new Meter();

      connected(context) {
        this.context = context;
        fake.#nodes.push(this);
      }
    };
  }

  get #node() {
    return this.#nodes.at(-1);
  }

  /** Whether the widget hears anything. */
  get live() {
    return this.tracks.at(-1)?.readyState === 'live' && this.#node?.context.state === 'running';
  }

  /** Plays samples to the widget, if it listens; `onFrame` is called with the number of each frame. */
  play(samples, onFrame = () => {}) {
    if (!this.live) return;
    const { port, meter } = this.#node;
    post = ([level, seconds, sound, ...more]) => {
      const number = this.frames++;
      sound.set([MARK, number & 0x7fff, number >> 15]);
      onFrame(number);
      port.onmessage?.({ data: [level, seconds, sound, ...more] });
    };
    for (let at = 0; at < samples.length; at += BLOCK) meter.process([[samples.subarray(at, at + BLOCK)]]);
  }
}
