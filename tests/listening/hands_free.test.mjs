// Hands-free: nothing that is said is lost, and every turn ends once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Room } from './room.mjs';

/** A room in which hands-free has just begun, with the noise of a second. */
async function room(t, attributes = {}) {
  const room = new Room({ 'hands-free': '', ...attributes });
  t.after(() => room.leave());
  await room.tap();
  await room.pass(1000);
  return room;
}

const asked = (room) => room.questions.map(({ text }) => text);

test('a question is asked once, with all its words', async (t) => {
  const it = await room(t);
  it.say('What does it cost?');
  assert.ok(await it.until(() => it.turns.length));
  assert.ok(await it.until(() => it.state === 'listening'));
  assert.deepEqual(asked(it), ['What does it cost?']);
  assert.equal(it.turns[0].answer, 'whole');
});

test('a pause to think neither splits a question nor loses its middle', async (t) => {
  const it = await room(t);
  const end = it.say('And how much is the');
  await it.pass(end - performance.now() + 1300);
  assert.equal(it.turns.length, 0);
  it.say('larger plan a year?', { voice: 'woman' });
  assert.ok(await it.until(() => it.turns.length));
  await it.pass(3000);
  assert.deepEqual(asked(it), ['And how much is the larger plan a year?']);
  assert.equal(it.turns.length, 1);
  assert.ok(it.turns[0].wasted > 1, 'the transcript of the first part was thrown away');
});

for (const [moment, wait] of [['transcribes', 400], ['thinks', 900], ['begins to speak', 1500]]) {
  test(`words while the agent ${moment} go on with the question`, async (t) => {
    const it = await room(t);
    it.delays.transcribe = moment === 'transcribes' ? 800 : 300;
    const end = it.say('What does it cost?');
    it.say('And does it have reminders?', { after: end - performance.now() + wait, voice: 'woman' });
    assert.ok(await it.until(() => asked(it)[0]?.includes('reminders?')));
    assert.ok(await it.until(() => it.state === 'listening'));
    assert.deepEqual(asked(it), ['What does it cost? And does it have reminders?']);
    assert.equal(it.questions[0].answer, 'whole');
    assert.ok(it.recordings.at(-1).echo < 0.8, 'the recording has little of the answer');
  });
}

test('words that go on twice replace both turns', async (t) => {
  const it = await room(t);
  let end = it.say('What does it cost?');
  end = it.say('For five people?', { after: end - performance.now() + 1100, voice: 'woman' });
  it.say('And a year?', { after: end - performance.now() + 1100, voice: 'american' });
  assert.ok(await it.until(() => asked(it)[0]?.endsWith('year?')));
  await it.pass(5000);
  assert.deepEqual(asked(it), ['What does it cost? For five people? And a year?']);
});

test('words over an answer interrupt it and are a question of their own, without the echo before', async (t) => {
  const it = await room(t);
  it.say('What does it cost?');
  assert.ok(await it.until(() => it.voice.speaking));
  await it.pass(1500);
  const began = performance.now();
  it.say('Stop, I meant the other one.', { voice: 'woman' });
  assert.ok(await it.until(() => !it.voice.speaking));
  assert.ok(performance.now() - began < 600);
  assert.ok(await it.until(() => it.turns.length === 2));
  assert.deepEqual(asked(it), ['What does it cost?', 'Stop, I meant the other one.']);
  assert.equal(it.turns[0].answer, 'interrupted');
  assert.deepEqual(it.turns[1].interrupted.turnId, it.turns[0].id);
  assert.ok(it.recordings.at(-1).echo < 1);
});

test('a knock over an answer lowers the voice and ends nothing', async (t) => {
  const it = await room(t);
  it.say('What does it cost?');
  assert.ok(await it.until(() => it.voice.speaking));
  await it.pass(1500);
  it.noise(Float32Array.from({ length: 1600 }, (_, at) => 0.3 * Math.sin(at / 3) * Math.exp(-at / 300)));
  assert.ok(await it.until(() => it.state === 'listening'));
  assert.equal(it.turns.length, 1);
  assert.equal(it.turns[0].answer, 'whole');
});

test('speech that is longer than a recording is transcribed in parts, with every word', async (t) => {
  const it = await room(t, { 'max-recording': '30' });
  const said = [];
  let end = performance.now();
  for (let index = 0; index < 28; index += 1) {
    const word = `one${index} two${index} three${index} and`;
    said.push(word);
    end = it.say(word, { after: end - performance.now() + 250, voice: index % 2 ? 'woman' : 'question' });
  }
  await it.until(() => it.turns.length, 90_000);
  await it.pass(6000);
  assert.deepEqual(asked(it).join(' '), said.join(' '));
  assert.ok(it.recordings.every(({ seconds }) => seconds <= 26));
});

test('an interruption after a long answer is not sent at once', async (t) => {
  const it = await room(t, { 'max-recording': '10' });
  it.delays.speak = 20_000;
  it.say('What does it cost?');
  assert.ok(await it.until(() => it.voice.speaking));
  await it.pass(15_000);
  it.say('Thank you, and what is included?', { voice: 'woman' });
  assert.ok(await it.until(() => it.turns.length === 2));
  assert.equal(asked(it)[1], 'Thank you, and what is included?');
});

test('sound without words is no question, and the agent goes on listening', async (t) => {
  const it = await room(t);
  it.transcribe = () => '';
  it.say('Mumble mumble mumble');
  await it.pass(6000);
  assert.equal(it.turns.length, 0);
  assert.equal(it.state, 'listening');
  assert.deepEqual(it.failures, []);
});

test('what goes on with a question in vain has it asked again', async (t) => {
  const it = await room(t);
  const end = it.say('What does it cost?');
  it.say('Mumble', { after: end - performance.now() + 900, voice: 'woman' });
  it.transcribe = (words) => (words.some(({ word }) => word === 'Mumble') ? '' : 'What does it cost?');
  await it.pass(12_000);
  assert.deepEqual(asked(it), ['What does it cost?']);
  assert.equal(it.questions[0].answer, 'whole');
});

test('a transcript that does not arrive is asked for once more, then the visitor is told', async (t) => {
  const it = await room(t);
  it.transcribe = () => {
    throw Object.assign(new Error('unreachable'), { code: 'unreachable', status: 0, retryAfter: null });
  };
  it.say('What does it cost?');
  assert.ok(await it.until(() => it.state === 'error'));
  assert.equal(it.recordings.length, 2);
  assert.deepEqual(it.failures, ['unreachable']);
});

test('a server that never answers is given up on', async (t) => {
  const it = await room(t);
  it.delays.transcribe = 1e9;
  it.say('What does it cost?');
  assert.ok(await it.until(() => it.state === 'transcribing'));
  assert.ok(await it.until(() => it.state === 'error', 60_000));
  assert.deepEqual(it.failures, ['timeout']);
});

test('silence ends listening after the longest recording, each time', async (t) => {
  const it = await room(t, { 'max-recording': '20' });
  for (const attempt of [1, 2]) {
    await it.pass(attempt === 1 ? 18_500 : 19_500);
    assert.equal(it.state, 'listening');
    await it.pass(1500);
    assert.equal(it.state, 'error');
    assert.deepEqual(it.failures, Array(attempt).fill('silent'));
    await it.tap();
  }
});

test('a failure to transcribe a pause is forgotten if the visitor goes on', async (t) => {
  const it = await room(t);
  const { transcribe } = it;
  it.transcribe = () => {
    throw Object.assign(new Error('rate_limited'), { code: 'rate_limited', status: 429, retryAfter: 1 });
  };
  const end = it.say('How much is the');
  await it.pass(end - performance.now() + 600);
  it.transcribe = transcribe;
  it.say('larger plan?', { voice: 'woman' });
  assert.ok(await it.until(() => it.turns.length));
  assert.deepEqual(asked(it), ['How much is the larger plan?']);
  assert.deepEqual(it.failures, []);
});
