const CONSTRAINTS = { audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 } };
const BITS = 24_000;

const REFUSALS = ['NotAllowedError', 'SecurityError'];

export class Microphone {
  static async open(onLevel, onLost) {
    if (!isSecureContext) throw 'insecure';
    if (!navigator.mediaDevices || !window.MediaRecorder) throw 'unsupported';
    const stream = await navigator.mediaDevices.getUserMedia(CONSTRAINTS).catch(({ name }) => {
      throw REFUSALS.includes(name) ? 'denied' : 'noDevice';
    });
    const microphone = new Microphone(stream, onLost);
    try {
      microphone.record();
      await microphone.#measure(onLevel);
    } catch (error) {
      microphone.close();
      throw error;
    }
    return microphone;
  }

  constructor(stream, onLost) {
    Object.assign(this, { stream, onLost });
    stream.getTracks()[0].onended = onLost;
  }

  // No timeslice: pieces have no duration, which some models refuse.
  record() {
    this.drop();
    const recorder = (this.recorder = new MediaRecorder(this.stream, { audioBitsPerSecond: BITS }));
    this.clip = new Promise((resolve) => (recorder.ondataavailable = ({ data }) => resolve(data)));
    recorder.onerror = this.onLost;
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
