// The browser's own voice, which differs from browser to browser: in the right language, whole, and never stuck.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Clock } from '../listening/clock.mjs';

const clock = new Clock();
clock.install();
const MS_PER_CHARACTER = 60;
const page = new EventTarget();

/** A synthesis with the faults of real ones. */
class Synthesis {
  voices = [{ lang: 'en-US', default: true, name: 'Ann' }];
  said = [];
  queue = [];
  paused = false;
  loses = () => false;
  allowed = true;
  #timer = 0;

  getVoices() {
    return this.voices;
  }

  get speaking() {
    return this.queue.length > 0;
  }

  get pending() {
    return this.queue.length > 1;
  }

  speak(utterance) {
    if (!this.allowed) return void setTimeout(() => utterance.onerror?.({ error: 'not-allowed' }), 0);
    this.queue.push(utterance);
    if (this.queue.length === 1) setTimeout(() => this.#next(), 0);
  }

  cancel() {
    clearTimeout(this.#timer);
    for (const utterance of this.queue.splice(0)) setTimeout(() => utterance.onerror?.({ error: 'interrupted' }), 0);
  }

  pause() {
    this.paused = true;
  }

  resume() {
    this.paused = false;
  }

  #next() {
    const [utterance] = this.queue;
    if (!utterance) return;
    utterance.onstart?.({});
    this.said.push(utterance);
    const half = Math.floor(utterance.text.length / 2);
    setTimeout(() => utterance.onboundary?.({ charIndex: half }), half * MS_PER_CHARACTER);
    this.#timer = setTimeout(() => {
      this.queue.shift();
      if (this.loses(utterance)) this.queue.length = 0;
      else utterance.onend?.({});
      this.#next();
    }, utterance.text.length * MS_PER_CHARACTER);
  }
}

globalThis.window = globalThis;
globalThis.addEventListener = (...all) => page.addEventListener(...all);
globalThis.document = { documentElement: { lang: 'en' } };
globalThis.SpeechSynthesisUtterance = class {
  constructor(text) {
    this.text = text;
  }
};
const { BrowserPlayer } = await import(new URL('../../widget/voice-agent/voice/browser-player.js', import.meta.url));

function speaking({ lang = 'en', ...faults } = {}) {
  const synthesis = Object.assign(new Synthesis(), faults);
  globalThis.speechSynthesis = synthesis;
  const events = [];
  const record = (name) => (...all) => void events.push([name, ...all]);
  const host = { getAttribute: () => null, closest: () => ({ lang }) };
  const names = ['started', 'ended', 'blocked'];
  const recorded = Object.fromEntries(names.map((name) => [name, record(name)]));
  const takeOver = async (...failure) => record('takeOver')(...failure);
  const player = new BrowserPlayer(host, { ...recorded, takeOver });
  const texts = () => synthesis.said.map(({ text }) => text);
  const ended = () => events.filter(([name]) => name !== 'started');
  return { player, synthesis, events, texts, ended };
}

const part = (text, shown = text.length) => ({ text, shown });

test('iOS: something silent is spoken in the gesture, once', async () => {
  const { player, synthesis } = speaking();
  player.unlock();
  player.unlock();
  await clock.advance(1000);
  assert.deepEqual(synthesis.said.map(({ text, volume }) => [text.trim(), volume]), [['', 0]]);
  assert.equal(player.busy, false);
});

for (const [lang, voices, spoken] of [
  ['de', ['en-US', 'de-DE'], 'de-DE'],
  ['de-AT', ['de-DE', 'de-AT'], 'de-AT'],
  ['pt-BR', ['pt_PT', 'pt_BR'], 'pt_BR'],
  ['pt', ['en-US', 'pt-BR'], 'pt-BR'],
  ['fil', ['fi-FI', 'fil-PH'], 'fil-PH'],
]) {
  test(`${lang} is spoken by a voice for ${spoken}, of ${voices}`, async () => {
    const { player, synthesis } = speaking({ lang, voices: voices.map((each) => ({ lang: each })) });
    player.say(part('Text'));
    await clock.advance(1000);
    assert.equal(synthesis.said[0].voice.lang, spoken);
  });
}

test('nothing is spoken by a voice for another language', async () => {
  const { player, texts, ended } = speaking({ lang: 'ar', voices: [{ lang: 'en-US' }, { lang: 'de-DE' }] });
  player.say(part('Text'));
  await clock.advance(1000);
  assert.deepEqual(texts(), []);
  assert.deepEqual(ended(), [['takeOver', { code: 'language-unavailable' }, [part('Text')]], ['ended']]);
  assert.equal(player.busy, false);
});

test('a browser that has not said which voices it has chooses one itself', async () => {
  const { player, synthesis } = speaking({ lang: 'ar', voices: [] });
  player.say(part('Text'));
  await clock.advance(1000);
  assert.deepEqual([synthesis.said[0].voice, synthesis.said[0].lang], [undefined, 'ar']);
});

test('long parts are spoken in pieces that no browser stops', async () => {
  const sentence = `We have plans for teams of any size, ${'some with reminders, others without, '.repeat(12)}and you can change.`;
  const { player, texts, ended } = speaking();
  player.say(part(sentence));
  await clock.advance(60_000);
  assert.ok(texts().length > 2);
  assert.ok(texts().every(({ length }) => length <= 160));
  assert.equal(texts().join(' '), sentence);
  assert.deepEqual(ended(), [['ended']]);
});

test('an end that gets lost does not keep the rest from being spoken', async () => {
  const lost = new Set(['One.']);
  const { player, texts, ended } = speaking({ loses: ({ text }) => lost.delete(text) });
  for (const text of ['One.', 'Two.', 'Three.']) player.say(part(text));
  await clock.advance(20_000);
  assert.deepEqual(texts(), ['One.', 'Two.', 'Three.']);
  assert.deepEqual(ended(), [['ended']]);
});

test('a synthesis that never begins is given up', async () => {
  const { player, ended } = speaking({ speak() {} });
  player.say(part('One.'));
  await clock.advance(20_000);
  assert.deepEqual(ended(), [['ended']]);
  assert.equal(player.busy, false);
});

test('a page that may not speak yet does after a tap, with all parts', async () => {
  const { player, synthesis, texts, ended } = speaking({ allowed: false });
  player.say(part('One.'));
  await clock.advance(10);
  player.say(part('Two.', 8));
  assert.deepEqual(ended(), [['blocked']]);
  synthesis.allowed = true;
  page.dispatchEvent(new Event('pointerup'));
  await clock.advance(5000);
  assert.deepEqual(texts(), ['One.', 'Two.']);
});

test('what was heard follows the words', async () => {
  const { player } = speaking();
  player.say(part('0123456789', 10));
  player.say(part('0123456789', 30));
  await clock.advance(310);
  assert.equal(player.heard, 5);
  await clock.advance(610);
  assert.equal(player.heard, 20);
  await clock.advance(20_000);
  assert.equal(player.busy, false);
});

test('ducking pauses, and restoring goes on; stopping ends a pause', async () => {
  const { player, synthesis } = speaking();
  player.duck();
  assert.equal(synthesis.paused, false);
  player.say(part('0123456789'));
  player.duck();
  assert.equal(synthesis.paused, true);
  player.restore();
  assert.equal(synthesis.paused, false);
  player.duck();
  player.stop();
  assert.equal(synthesis.paused, false);
});
