// Records when the page's microphone hears something and when its loudspeaker gets sound, in milliseconds of the page's
// time. The widget is not aware of it.
const AUDIBLE = 0.001; // of full scale
const VOICED = 0.01;
const LOOK_MS = 5;

window.measured = { released: null, lastVoiced: null, firstSound: null };

addEventListener('pointerup', ({ timeStamp }) => (measured.released = timeStamp), true);

const { start } = AudioBufferSourceNode.prototype;
AudioBufferSourceNode.prototype.start = function (when = 0) {
  const { context, buffer } = this;
  const silent = buffer.getChannelData(0).findIndex((sample) => Math.abs(sample) > AUDIBLE);
  const wait = Math.max(0, when - context.currentTime) + silent / buffer.sampleRate;
  if (silent >= 0) measured.firstSound ??= performance.now() + wait * 1000;
  start.call(this, when);
};

const devices = navigator.mediaDevices;
const getUserMedia = devices.getUserMedia.bind(devices);
devices.getUserMedia = async (constraints) => {
  const stream = await getUserMedia(constraints);
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 256 });
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  setInterval(() => {
    analyser.getFloatTimeDomainData(samples);
    if (samples.some((sample) => Math.abs(sample) > VOICED)) measured.lastVoiced = performance.now();
  }, LOOK_MS);
  return stream;
};
