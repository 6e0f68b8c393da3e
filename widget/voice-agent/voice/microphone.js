import { MicrophoneWatch } from './hearing/microphone-watch.js';
import { RATE } from './resampler.js';
import { within } from './within.js';

/** @import { Frame } from './hearing/utterance.js' */
/** @import { ListeningFailure } from './interfaces.js' */

const CONSTRAINTS = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 },
};
// By these errors, a browser or a visitor says no.
const REFUSALS = ['NotAllowedError', 'SecurityError'];
const METER = new URL('./meter.js', import.meta.url);
// How long a visitor may think about the browser's question, and a device may take to start.
const PERMISSION_MS = 60_000;
const START_MS = 8000;

/** An open microphone: it passes on what it hears, frame by frame, from the first moment to the last. */
export class Microphone {
  #stream;
  #context = new AudioContext();
  /** @type {MicrophoneWatch | undefined} from when it hears */
  #watch;

  /**
   * Opens the microphone. Rejects with a `ListeningFailure` where that says why it cannot.
   *
   * @param {(frame: Frame) => void} onFrame
   * @param {(reason: ListeningFailure) => void} onLost it has stopped hearing
   */
  static async open(onFrame, onLost) {
    const microphone = new Microphone(await openStream());
    try {
      await within(START_MS, microphone.#start(onFrame));
      microphone.#watch = new MicrophoneWatch(microphone.#stream.getTracks()[0], microphone.#context, onLost);
    } catch (error) {
      microphone.close();
      throw /** @type {Error} */ (error).name === 'TimeoutError' ? 'noDevice' : error;
    }
    return microphone;
  }

  /** @param {MediaStream} stream */
  constructor(stream) {
    this.#stream = stream;
  }

  /** Releases the microphone. */
  close() {
    this.#watch?.stop();
    for (const track of this.#stream.getTracks()) track.stop();
    this.#context.close().catch(() => {});
  }

  /** @param {(frame: Frame) => void} onFrame */
  async #start(onFrame) {
    const context = this.#context;
    await context.audioWorklet.addModule(METER);
    const meter = new AudioWorkletNode(context, 'voice-agent-meter', { numberOfOutputs: 0 });
    meter.port.onmessage = ({ data: [probability, level, samples] }) => {
      this.#watch?.heard();
      onFrame({ probability, level, samples, seconds: samples.length / RATE });
    };
    context.createMediaStreamSource(this.#stream).connect(meter);
    await context.resume();
  }
}

async function openStream() {
  /** @param {ListeningFailure} failure */
  const fail = (failure) => {
    throw failure;
  };
  if (!isSecureContext) fail('insecure');
  if (!navigator.mediaDevices || !window.AudioWorkletNode) fail('unsupported');
  const opening = navigator.mediaDevices.getUserMedia(CONSTRAINTS);
  try {
    return await within((await isAllowed()) ? START_MS : PERMISSION_MS, opening);
  } catch (error) {
    // Whoever comes too late is sent away.
    opening.then((stream) => stream.getTracks().forEach((track) => track.stop())).catch(() => {});
    return fail(REFUSALS.includes(/** @type {Error} */ (error).name) ? 'denied' : 'noDevice');
  }
}

/** Whether the browser does not have to ask the visitor; false if it does not say. */
async function isAllowed() {
  const name = /** @type {PermissionName} */ ('microphone');
  const status = await navigator.permissions?.query({ name }).catch(() => null);
  return status?.state === 'granted';
}
