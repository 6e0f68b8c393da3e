/**
 * A hands-free conversation from a seeded script: pauses, noises, interruptions and late words.
 *
 * `node tests/listening/simulation.mjs [TURNS] [SEED]` runs a long one (by default 500 turns, seed 1) and prints what
 * came of it.
 */
import { pathToFileURL } from 'node:url';
import { Room, clock, random } from './room.mjs';

const VOICES = ['question', 'woman', 'american', 'slow', 'fast'];
// A state other than listening that lasts longer than this is stuck.
const PATIENCE_MS = 30_000;

/**
 * Lets a visitor and the agent talk. Returns what went wrong: words that were lost or asked twice, answers that a noise has
 * ended, states that were not left; and the share of sound that was transcribed in vain.
 *
 * @param {number} turns
 * @param {number} seed
 */
export async function converse(turns, seed) {
  const chance = random(seed);
  const room = new Room({ 'hands-free': '' });
  room.transcribe = punctuated;
  const visitor = new Visitor(room, chance);
  await room.tap();
  await room.pass(1000);
  const stuck = [];
  for (let turn = 0; turn < turns; turn += 1) {
    const kind = await visitor.act();
    if (!(await room.until(() => room.state === 'listening' && room.words.every(({ to }) => to < clock.now - 3000), PATIENCE_MS))) {
      stuck.push(`${turn} (${kind}): ${room.state} ${room.failures.at(-1) ?? ''}`);
      break;
    }
  }
  room.leave();
  return { ...findings(room, visitor), stuck, kinds: visitor.kinds, seconds: Math.round(clock.now / 1000) };
}

/** What a visitor does in a turn, by chance. */
class Visitor {
  kinds = {};
  /** The groups of words that belong to one question each. */
  questions = [];
  /** The turns over whose answers there was only a noise. */
  spared = [];
  #room;
  #chance;
  #count = 0;

  constructor(room, chance) {
    this.#room = room;
    this.#chance = chance;
  }

  async act() {
    const kinds = ['plain', 'pause', 'late', 'latest', 'interruption', 'noise', 'noisyAnswer', 'silence'];
    const kind = kinds[Math.floor(this.#chance() * kinds.length)];
    this.kinds[kind] = (this.kinds[kind] ?? 0) + 1;
    this.#room.delays = {
      transcribe: this.#between(100, 900),
      think: this.#between(200, 1500),
      speak: this.#between(1500, 5000),
    };
    await this[kind]();
    return kind;
  }

  /** A question. */
  async plain() {
    await this.#say(this.#words('?'), true);
  }

  /** A question with a pause for thought. */
  async pause() {
    await this.#say([...this.#words(''), 'and'], true);
    await this.#room.pass(this.#between(300, 1300));
    await this.#say(this.#words('?'));
  }

  /** More words before the answer. */
  async late() {
    await this.#say(this.#words('.'), true);
    await this.#room.pass(this.#between(350, 1400));
    const { turns } = this.#room;
    const before = turns.length;
    const begins = this.#room.voice.speaking ? null : turns.at(-1)?.answer;
    await this.#say(this.#words('?'), begins === 'whole' && turns.length > before);
  }

  /** And again. */
  async latest() {
    await this.#say(this.#words('.'), true);
    for (const mark of ['.', '?']) {
      await this.#room.pass(this.#between(350, 700));
      await this.#say(this.#words(mark));
    }
  }

  /** Words over an answer. */
  async interruption() {
    await this.plain();
    if (!(await this.#answerFor(1500))) return;
    await this.#say(this.#words('?'), true);
  }

  /** A noise while nobody speaks, then a question. */
  async noise() {
    this.#room.noise(knock(this.#chance));
    await this.#room.pass(this.#between(100, 2500));
    await this.plain();
  }

  /** A noise while the agent speaks. */
  async noisyAnswer() {
    await this.plain();
    if (!(await this.#answerFor(this.#between(100, 2000)))) return;
    this.spared.push(this.#room.turns.at(-1));
    this.#room.noise(knock(this.#chance));
  }

  /** Nothing for a while. */
  async silence() {
    await this.#room.pass(this.#between(1000, 9000));
    await this.plain();
  }

  /** Waits until the agent has spoken for a while; false if it has finished before. */
  async #answerFor(milliseconds) {
    const room = this.#room;
    await room.until(() => room.voice.speaking);
    await room.pass(milliseconds);
    return room.voice.speaking;
  }

  /** Says words to their end. */
  async #say(words, isNew = false) {
    if (isNew) this.questions.push([]);
    this.questions.at(-1).push(...words);
    const voice = VOICES[Math.floor(this.#chance() * VOICES.length)];
    const end = this.#room.say(words.join(' '), { voice });
    await this.#room.pass(end - clock.now);
  }

  #words(mark) {
    const words = Array.from({ length: 2 + Math.floor(this.#chance() * 4) }, () => `w${(this.#count += 1)}`);
    words[words.length - 1] += mark;
    return words;
  }

  #between(least, most) {
    return Math.round(least + this.#chance() * (most - least));
  }
}

/** A recogniser writes a full stop after what is not said to be anything else. */
function punctuated(words) {
  const text = words.map(({ word }) => word).join(' ');
  return text && !/(?:[.?]|and)$/.test(text) ? `${text}.` : text;
}

/** Something falls. */
function knock(chance) {
  const pitch = 2 + 6 * chance();
  return Float32Array.from({ length: 1600 }, (_, at) => 0.3 * Math.sin(at / pitch) * Math.exp(-at / 250));
}

function findings(room, visitor) {
  const plain = (text) => text.replace(/[.?]/g, '');
  const asked = room.questions.flatMap(({ text }) => text.split(' ').map(plain));
  const said = visitor.questions.flat().map(plain);
  const count = (word) => asked.filter((each) => each === word).length;
  const sent = room.recordings.reduce((sum, { seconds }) => sum + seconds, 0);
  const questions = room.questions.map(({ text }) => text.split(' ').map(plain).join(' '));
  return {
    turns: room.questions.length,
    expected: visitor.questions.length,
    lost: said.filter((word) => word !== 'and' && !count(word)),
    twice: said.filter((word) => word !== 'and' && count(word) > 1),
    // What belongs to one question and was asked in several.
    split: visitor.questions.filter((words) => !questions.some((text) => text === words.map(plain).join(' '))).map((words) => words.join(' ')),
    // By a noise.
    ended: visitor.spared.filter(({ answer }) => answer !== 'whole').map(({ id }) => id),
    failures: room.failures,
    replaced: room.turns.length - room.questions.length,
    wasted: Math.round((100 * room.turns.reduce((sum, { wasted }) => sum + wasted, 0)) / sent) / 100,
  };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [turns = 500, seed = 1] = process.argv.slice(2).map(Number);
  console.log(JSON.stringify(await converse(turns, seed), null, 1));
}
