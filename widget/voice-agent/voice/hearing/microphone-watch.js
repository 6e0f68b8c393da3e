/** @import { ListeningFailure } from '../interfaces.js' */

const TICK_MS = 500;
// A frame comes every 20 ms. Without one for so long, the sound is asked to go on, then the microphone counts as lost.
const STALLED_MS = 1500;
const LOST_MS = 5000;
// Whoever wakes a computer up does not expect to be listened to.
const ASLEEP_MS = 120_000;
// A headset that changes its mode is muted for a second; a call mutes for longer.
const MUTED_MS = 3000;

/** Notices when an open microphone stops hearing: a call, another device, lost permission, a background tab, sleep. */
export class MicrophoneWatch {
  #track;
  #context;
  #onLost;
  #last = Date.now();
  /** Since when it has been muted; 0 while it is not. */
  #muted;
  #over = new AbortController();

  /**
   * @param {MediaStreamTrack} track
   * @param {AudioContext} context that gets its sound
   * @param {(reason: ListeningFailure) => void} onLost is called once
   */
  constructor(track, context, onLost) {
    this.#track = track;
    this.#context = context;
    this.#muted = track.muted ? Date.now() : 0;
    this.#onLost = onLost;
    const { signal } = this.#over;
    const check = () => this.#check();
    track.addEventListener('ended', () => this.#lose('noDevice'), { signal });
    track.addEventListener('mute', () => (this.#muted = Date.now()), { signal });
    track.addEventListener('unmute', () => (this.#muted = 0), { signal });
    context.addEventListener('statechange', () => this.#wake(), { signal });
    document.addEventListener('visibilitychange', check, { signal });
    navigator.mediaDevices.addEventListener('devicechange', () => this.#findDevice(), { signal });
    const timer = setInterval(check, TICK_MS);
    signal.addEventListener('abort', () => clearInterval(timer));
  }

  /** A frame has come: perhaps the first after a long sleep. */
  heard() {
    this.#check();
    this.#last = Date.now();
  }

  /** Watches no longer. */
  stop() {
    this.#over.abort();
  }

  #check() {
    const now = Date.now();
    const silent = now - this.#last;
    if (silent >= ASLEEP_MS) this.#lose('interrupted');
    else if (this.#muted && now - this.#muted >= MUTED_MS) this.#lose('interrupted');
    else if (silent >= LOST_MS) this.#lose('noDevice');
    else if (silent >= STALLED_MS) this.#wake();
  }

  /** Browsers suspend sound for calls, and some for background tabs. */
  #wake() {
    if (this.#context.state !== 'running') this.#context.resume().catch(() => {});
  }

  /** Some browsers do not end the track of a device that is gone. */
  async #findDevice() {
    const { deviceId } = this.#track.getSettings();
    const devices = await navigator.mediaDevices.enumerateDevices();
    const inputs = devices.filter((device) => device.kind === 'audioinput').map((device) => device.deviceId);
    if (deviceId && !inputs.includes(deviceId)) this.#lose('noDevice');
  }

  /** @param {ListeningFailure} reason */
  #lose(reason) {
    if (this.#over.signal.aborted) return;
    this.stop();
    this.#onLost(reason);
  }
}
