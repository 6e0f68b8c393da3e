// Talks over the agent, with the widget's own listening and a fake agent on a fake clock: prints a line of JSON for each
// trial, with after how many milliseconds from the beginning of a sound the voice was lowered, stopped and raised again.
import { Room, clip, clock, random } from '../../tests/listening/room.mjs';

const RATE = 16_000;
const WORDS = ['stop', 'stopf', 'yes', 'yesf', 'no', 'nof', 'ja', 'nein', 'naam', 'wait', 'question', 'woman', 'german', 'arabic'];
const LEVELS = [-12, -18, -20, -24, -30];
// Sounds that end nothing, each with its level.
const HARMLESS = { mhm: [-18, -24], cough: [-18], door: [-12, -18], typing: [-24, -30] };
const TIMES = 3;
// The echo canceller has settled by then.
const SPEAKING_MS = 2500;
const AFTERWARDS_MS = 2500;

/** Noise or tones of so many seconds, sample by sample. */
function made(seconds, sample) {
  return Float32Array.from({ length: seconds * RATE }, (_, at) => sample(at / RATE));
}

/** A cough: a burst, a breath, and a voiced end (Korpáš' three phases), as heard through a throat. */
function cough(dice) {
  const length = 0.35 + 0.15 * dice();
  const pitch = 160 + 160 * dice();
  const bump = (time, centre, width) => Math.exp(-(((time - centre) / width) ** 2));
  const sound = made(length, (time) => {
    const hiss = 2 * dice() - 1;
    const voice = Math.sign(Math.sin(2 * Math.PI * (pitch * time - 120 * time ** 2)));
    return hiss * Math.exp(-time / 0.035) + 0.35 * hiss * bump(time, 0.12, 0.09) + 0.3 * voice * bump(time, length - 0.12, 0.05);
  });
  return smooth(sound, 0.6);
}

/** A door that falls shut: a knock, and the frame that rings. */
function door(dice) {
  const pitch = 60 + 120 * dice();
  const ring = 0.03 + 0.09 * dice();
  const sound = made(0.5, (time) => Math.sin(2 * Math.PI * pitch * time) * Math.exp(-time / ring) + (2 * dice() - 1) * Math.exp(-time / 0.02));
  return smooth(sound, 0.8);
}

/** Six keys a second: for each a click when it is pressed, and a softer one when it is released. */
function typing(dice) {
  const keys = Array.from({ length: 9 }, (_, key) => key / 6 + 0.05 * dice());
  const click = (time, begin, loud) => (time < begin ? 0 : loud * (2 * dice() - 1) * Math.exp(-(time - begin) / 0.006));
  return made(1.6, (time) => keys.reduce((sum, begin) => sum + click(time, begin, 1) + click(time, begin + 0.07, 0.4), 0));
}

/** Takes the highs off. */
function smooth(sound, share) {
  let last = 0;
  return sound.map((sample) => (last = share * last + (1 - share) * sample));
}

/** A sound whose loud frames have this level, in dB of full scale. */
function atLevel(sound, level) {
  const frames = Array.from({ length: Math.ceil(sound.length / 320) }, (_, frame) => sound.slice(frame * 320, (frame + 1) * 320));
  const powers = frames.map((frame) => frame.reduce((sum, sample) => sum + sample ** 2, 0) / frame.length);
  const loud = powers.filter((power) => power > Math.max(...powers) / 100);
  const gain = 10 ** (level / 20) / Math.sqrt(loud.reduce((sum, power) => sum + power, 0) / loud.length);
  return sound.map((sample) => Math.max(-1, Math.min(1, sample * gain)));
}

/** Lets the agent speak, makes the sound, and returns what became of the voice. */
async function trial(sound, shift) {
  const room = new Room({ 'hands-free': '' });
  room.delays.speak = 12_000;
  room.transcribe = () => 'Something';
  await room.tap();
  await room.pass(1000);
  void room.conversation.ask('Tell me everything.', { since: clock.now, amends: {} });
  await room.until(() => room.voice.speaking);
  await room.pass(SPEAKING_MS + shift);
  const begin = clock.now;
  const changes = [];
  room.volume.push = (change) => {
    changes.push([change, clock.now - begin]);
    return Array.prototype.push.call(room.volume, change);
  };
  room.noise(sound);
  await room.pass((sound.length / RATE) * 1000 + AFTERWARDS_MS);
  const after = (name) => changes.find(([change]) => change === name)?.[1] ?? null;
  const result = { ducked: after('duck'), interrupted: after('stop'), restored: after('restore') };
  room.leave();
  return result;
}

const dice = random(7);
const MADE = { cough, door, typing };

async function report(kind, name, level, sound) {
  for (let time = 0; time < TIMES; time += 1) {
    const result = await trial(atLevel(sound(), level), 7 * time);
    process.stdout.write(`${JSON.stringify({ kind, name, level, ...result })}\n`);
  }
}

for (const level of LEVELS) for (const word of WORDS) await report('words', word, level, () => clip(word));
for (const [kind, levels] of Object.entries(HARMLESS)) {
  for (const level of levels) {
    const names = kind === 'mhm' ? ['mhm', 'mhmf'] : [kind];
    for (const name of names) await report(kind, name, level, () => MADE[kind]?.(dice) ?? clip(name));
  }
}
process.exit(0);
