const TYPES = ['audio/webm;codecs=opus', 'audio/mp4;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus'];
const CONSTRAINTS = { audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 } };
const BITS = 24_000;

const FAILURES = { NotAllowedError: 'denied', SecurityError: 'denied', NotFoundError: 'noDevice', NotReadableError: 'noDevice' };

/** One microphone: its level all the time, and recordings. */
export class Microphone {
  static async open(onLevel, onLost) {
    if (!isSecureContext) throw 'insecure';
    if (!navigator.mediaDevices || !window.MediaRecorder || !window.AudioWorkletNode) throw 'unsupported';
    const stream = await navigator.mediaDevices.getUserMedia(CONSTRAINTS).catch(({ name }) => {
      throw FAILURES[name] ?? 'noDevice';
    });
    const microphone = new Microphone(stream);
    await microphone.#measure(onLevel);
    stream.getTracks()[0].onended = onLost;
    return microphone;
  }

  constructor(stream) {
    this.stream = stream;
    this.record();
  }

  // Begins anew. No timeslice: pieces have no duration, which some models refuse.
  record() {
    this.drop();
    const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
    const recorder = (this.recorder = new MediaRecorder(this.stream, { mimeType, audioBitsPerSecond: BITS }));
    this.clip = new Promise((resolve) => (recorder.ondataavailable = ({ data }) => resolve(data)));
    recorder.start();
  }

  take() {
    const { clip } = this;
    this.drop();
    return clip;
  }

  drop() {
    if (this.recorder?.state === 'recording') this.recorder.stop();
  }

  close() {
    this.drop();
    this.stream.getTracks().forEach((track) => track.stop());
    this.context?.close();
  }

  async #measure(onLevel) {
    const context = (this.context = new AudioContext());
    await context.audioWorklet.addModule(new URL('./meter.js', import.meta.url));
    const meter = new AudioWorkletNode(context, 'voice-agent-meter', { numberOfOutputs: 0 });
    meter.port.onmessage = ({ data }) => onLevel(...data);
    context.createMediaStreamSource(this.stream).connect(meter);
    await context.resume();
  }
}
