// Listens hands-free to clips with the widget's own worklet and detector.
// In: {folder, names, silence, preRoll (seconds)}. Out: for each name, what is sent: [{at, began}] in seconds; and the CPU
// time in milliseconds for each second of sound.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const { folder, names, silence, preRoll } = JSON.parse(await text(process.stdin));
const FRAME_SECONDS = 0.02;
const BLOCK = 128;

let Meter;
let heard = () => {};
globalThis.sampleRate = 48_000;
globalThis.AudioWorkletProcessor = class {
  port = { postMessage: (message) => heard(message) };
};
globalThis.registerProcessor = (_, processor) => (Meter = processor);
const voice = new URL('../../widget/voice-agent/voice/', import.meta.url);
await import(new URL('meter.js', voice));
const { Detector } = await import(new URL('detector.js', voice));

function samples(file) {
  const bytes = readFileSync(file);
  const at = bytes.indexOf('data', 12) + 8;
  const ints = new Int16Array(bytes.buffer.slice(bytes.byteOffset + at, bytes.byteOffset + bytes.length));
  return Float32Array.from(ints, (value) => value / 32_768);
}

function listen(sound) {
  const meter = new Meter();
  const detector = new Detector(silence);
  const sent = [];
  let began = null;
  let frame = 0;
  heard = ([probability, level]) => {
    const at = (frame += 1) * FRAME_SECONDS;
    detector.hear({ probability, level, seconds: FRAME_SECONDS }, false);
    if (detector.speech) began ??= Math.max(0, at - FRAME_SECONDS - preRoll);
    if (!detector.ended) return;
    if (detector.heard) sent.push({ at, began });
    began = null;
    detector.reset();
  };
  for (let start = 0; start < sound.length; start += BLOCK) meter.process([[sound.subarray(start, start + BLOCK)]]);
  return sent;
}

const sounds = names.map((name) => samples(join(folder, `${name}.wav`)));
const before = process.cpuUsage();
const found = sounds.map(listen);
const { user, system } = process.cpuUsage(before);
const seconds = sounds.reduce((sum, sound) => sum + sound.length, 0) / sampleRate;
const cpu = (user + system) / 1000 / seconds;
process.stdout.write(JSON.stringify({ sent: Object.fromEntries(names.map((name, index) => [name, found[index]])), cpu }));
