// Runs the widget's worklet and detector without a browser.
// In: {rate, samples (16 bits, base64), silence, speaking (a second and another, or null)}. Out: Found in hearing.py.
import { text } from 'node:stream/consumers';

const { rate, samples, silence, speaking } = JSON.parse(await text(process.stdin));
const bytes = Buffer.from(samples, 'base64');
const sound = Float32Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readInt16LE(2 * index) / 32768);

let Meter;
globalThis.sampleRate = rate;
globalThis.AudioWorkletProcessor = class {
  port = { postMessage: (message) => hear(...message) };
};
globalThis.registerProcessor = (_, processor) => (Meter = processor);
const voice = new URL('../../widget/voice-agent/voice/', import.meta.url);
await import(new URL('meter.js', voice));
const { Detector } = await import(new URL('detector.js', voice));

const FRAME_SECONDS = 0.02;
const detector = new Detector(silence);
const found = { sent: [], dropped: [], interrupted: null };
let now = 0;
let aloud = false;

// As hands-free in the widget: reset when the agent starts to speak, and before listening again.
function hear(probability, level) {
  now += FRAME_SECONDS;
  const before = aloud;
  aloud = speaking !== null && now >= speaking[0] && now < speaking[1];
  if (aloud !== before) detector.reset();
  detector.hear({ probability, level, seconds: FRAME_SECONDS }, aloud);
  if (aloud && detector.interrupts) found.interrupted ??= now;
  if (aloud || !detector.ended) return;
  found[detector.heard ? 'sent' : 'dropped'].push(now);
  detector.reset();
}

// The length of Web Audio's blocks: 128 samples at 48 kHz.
const block = Math.round((128 * rate) / 48_000);
const meter = new Meter();
for (let start = 0; start < sound.length; start += block) meter.process([[sound.subarray(start, start + block)]]);
console.log(JSON.stringify(found));
