// Records when the page's microphone hears something, when it asks the agent for something, and when its loudspeaker gets
// sound, in milliseconds of the page's time. The widget is not aware of it.
const AUDIBLE = 0.001; // of full scale
const VOICED = 0.01;
const LOOK_MS = 5;

window.measured = { released: null, lastVoiced: null, firstSound: null };
const now = () => performance.now();

addEventListener('pointerup', ({ timeStamp }) => (measured.released = timeStamp), true);

const { start } = AudioBufferSourceNode.prototype;
AudioBufferSourceNode.prototype.start = function (when = 0) {
  const { context, buffer } = this;
  const silent = buffer.getChannelData(0).findIndex((sample) => Math.abs(sample) > AUDIBLE);
  const wait = Math.max(0, when - context.currentTime) + silent / buffer.sampleRate;
  if (silent >= 0) measured.firstSound ??= now() + wait * 1000;
  start.call(this, when);
};

// Calls `act` with the first bytes of a body.
const onBytes = async (response, act) => {
  const reader = response.clone().body.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) if (act?.(read.value)) act = null;
};
const { fetch } = window;
window.fetch = async (url, init) => {
  const path = new URL(url, location).pathname.split('/').at(-1);
  // Of several recordings, the last one before the question counts.
  if (path === 'transcribe' && !measured.asked) measured.recorded = now();
  if (path === 'chat') measured.asked ??= now();
  if (path === 'speech') {
    measured.spoken ??= JSON.parse(init.body).text;
    measured.ordered ??= now();
  }
  const response = await fetch(url, init);
  if (path === 'transcribe' && !measured.asked) measured.transcribed = now();
  if (path === 'chat') onBytes(response, () => (measured.written ??= now())).catch(() => {});
  if (path === 'speech') onBytes(response, () => (measured.synthesized ??= now())).catch(() => {});
  return response;
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
    if (!measured.asked && samples.some((sample) => Math.abs(sample) > VOICED)) measured.lastVoiced = now();
  }, LOOK_MS);
  return stream;
};
