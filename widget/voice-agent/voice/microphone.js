/** @import { ListeningFailure } from './interfaces.js' */

const CONSTRAINTS = {
  audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 },
};
const BITS_PER_SECOND = 24_000;
// By these errors, a browser or a visitor says no.
const REFUSALS = ['NotAllowedError', 'SecurityError'];
const METER = new URL('./meter.js', import.meta.url);

/** An open microphone: it records, and measures the level of speech. */
export class Microphone {
  #stream;
  #onLost;
  /** @type {MediaRecorder | undefined} */
  #recorder;
  /** @type {Promise<Blob>} */
  #recording = Promise.resolve(new Blob());
  #context = new AudioContext();

  /**
   * Opens the microphone. Rejects with a `ListeningFailure` where that says why it cannot.
   *
   * @param {(level: number, seconds: number) => void} onLevel
   * @param {() => void} onLost
   */
  static async open(onLevel, onLost) {
    const microphone = new Microphone(await openStream(), onLost);
    try {
      microphone.record();
      await microphone.#measure(onLevel);
    } catch (error) {
      microphone.close();
      throw error;
    }
    return microphone;
  }

  /**
   * @param {MediaStream} stream
   * @param {() => void} onLost
   */
  constructor(stream, onLost) {
    this.#stream = stream;
    this.#onLost = onLost;
    stream.getTracks()[0].onended = onLost;
  }

  /** Begins a recording, and drops the one before. */
  record() {
    this.#stopRecorder();
    // No timeslice: recordings in pieces have no duration, and some models refuse them.
    const recorder = new MediaRecorder(this.#stream, { audioBitsPerSecond: BITS_PER_SECOND });
    this.#recorder = recorder;
    this.#recording = new Promise((resolve) => {
      recorder.ondataavailable = ({ data }) => resolve(data);
    });
    recorder.onerror = this.#onLost;
    recorder.start();
  }

  /** Ends the recording and returns it. */
  take() {
    this.#stopRecorder();
    return this.#recording;
  }

  /** Releases the microphone. */
  close() {
    this.#stopRecorder();
    for (const track of this.#stream.getTracks()) track.stop();
    this.#context.close();
  }

  #stopRecorder() {
    if (this.#recorder?.state === 'recording') this.#recorder.stop();
  }

  /** @param {(level: number, seconds: number) => void} onLevel */
  async #measure(onLevel) {
    const context = this.#context;
    await context.audioWorklet.addModule(METER);
    const meter = new AudioWorkletNode(context, 'voice-agent-meter', { numberOfOutputs: 0 });
    meter.port.onmessage = ({ data: [level, seconds] }) => onLevel(level, seconds);
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
  if (!navigator.mediaDevices || !window.MediaRecorder) fail('unsupported');
  try {
    return await navigator.mediaDevices.getUserMedia(CONSTRAINTS);
  } catch (error) {
    return fail(REFUSALS.includes(/** @type {Error} */ (error).name) ? 'denied' : 'noDevice');
  }
}
