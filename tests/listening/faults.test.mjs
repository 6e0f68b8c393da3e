// Never stuck: whatever happens to the microphone, listening goes on or ends in a state that the visitor understands.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Room, clock } from './room.mjs';

const NEVER = new Promise(() => {});
const HELD_MS = 400;

async function room(t, attributes = {}) {
  const it = new Room(attributes);
  t.after(() => it.leave());
  return it;
}

async function handsFree(t) {
  const it = await room(t, { 'hands-free': '' });
  await it.tap();
  await it.pass(12_000);
  assert.equal(it.state, 'listening');
  return it;
}

/** Presses the microphone button, says something and releases it. */
async function held(t, { before = async () => {} } = {}) {
  const it = await room(t);
  it.voice.down();
  await it.pass(HELD_MS);
  await it.pass(it.say('What does it cost?') - clock.now + 50);
  await before(it);
  it.voice.up(true, clock.now);
  return it;
}

const asked = (it) => it.questions.map(({ text }) => text);

test('a question that is said with the button held is complete', async (t) => {
  const it = await held(t);
  assert.ok(await it.until(() => it.turns.length));
  assert.deepEqual(asked(it), ['What does it cost?']);
  assert.ok(it.microphone.tracks.every(({ readyState }) => readyState === 'ended'));
});

test('a word that ends as the button is released is recorded', async (t) => {
  const it = await room(t);
  it.voice.down();
  await it.pass(HELD_MS);
  const end = it.say('What does it cost?');
  await it.pass(end - clock.now);
  it.voice.up(true, clock.now);
  await it.until(() => it.recordings.length);
  assert.ok(it.recordings[0].frames.at(-1).to >= end);
});

test('more is said with the button held than a recording may have', async (t) => {
  const it = await room(t, { 'max-recording': '20' });
  it.voice.down();
  await it.pass(HELD_MS);
  const said = Array.from({ length: 16 }, (_, index) => `one${index} two${index} three${index}`);
  let end = clock.now;
  for (const words of said) end = it.say(words, { after: end - clock.now + 150, voice: 'woman' });
  await it.pass(end - clock.now + 100);
  it.voice.up(true, clock.now);
  assert.ok(await it.until(() => it.turns.length));
  assert.equal(asked(it)[0], said.join(' '));
});

test('getUserMedia never settles, with permission', async (t) => {
  const it = await room(t);
  it.microphone.open = () => NEVER;
  await it.tap();
  assert.equal(it.state, 'listening');
  await it.pass(8500);
  assert.equal(it.state, 'error');
  assert.deepEqual(it.failures, ['noDevice']);
});

test('nobody answers the question for permission, and the stream that comes too late is closed', async (t) => {
  const it = await room(t);
  it.microphone.permission = 'prompt';
  const { open } = it.microphone;
  it.microphone.open = () => new Promise((resolve) => setTimeout(async () => resolve(await open()), 70_000));
  await it.tap();
  await it.pass(30_000);
  assert.equal(it.state, 'listening');
  await it.pass(31_000);
  assert.equal(it.state, 'error');
  await it.pass(10_000);
  assert.equal(it.microphone.tracks[0].readyState, 'ended');
});

test('sound that does not start is given up on', async (t) => {
  const it = await room(t);
  it.microphone.resumable = false;
  await it.tap();
  await it.pass(8500);
  assert.equal(it.state, 'error');
  assert.equal(it.microphone.tracks[0].readyState, 'ended');
});

for (const mode of ['hands-free', 'tapped']) {
  test(`suspended sound goes on, ${mode}`, async (t) => {
    const it = mode === 'tapped' ? await room(t) : await handsFree(t);
    if (mode === 'tapped') await it.tap();
    await it.pass(500);
    it.microphone.contexts.at(-1).become('suspended');
    assert.ok(await it.until(() => it.microphone.live, 3000));
    it.say('What does it cost?');
    await it.pass(1500);
    if (mode === 'tapped') await it.tap();
    assert.ok(await it.until(() => it.turns.length));
    assert.deepEqual(asked(it), ['What does it cost?']);
  });
}

test('sound that stays suspended ends listening', async (t) => {
  const it = await handsFree(t);
  it.microphone.resumable = false;
  it.microphone.contexts.at(-1).become('interrupted');
  assert.ok(await it.until(() => it.state === 'error'));
  assert.deepEqual(it.failures, ['noDevice']);
});

test('an unplugged microphone in the middle of a question: the next one goes on', async (t) => {
  const it = await handsFree(t);
  it.say('How much is the');
  await it.pass(1400);
  it.microphone.tracks.at(-1).end();
  await it.pass(200);
  it.say('larger plan?', { voice: 'woman' });
  assert.ok(await it.until(() => it.turns.length));
  assert.deepEqual(asked(it), ['How much is the larger plan?']);
  assert.equal(it.microphone.tracks.length, 2);
});

test('a device that is gone without an event is noticed', async (t) => {
  const it = await handsFree(t);
  it.microphone.devices = ['headset'];
  it.microphone.mediaDevices.dispatchEvent(new Event('devicechange'));
  assert.ok(await it.until(() => it.microphone.tracks.length === 2));
  assert.equal(it.microphone.tracks[0].readyState, 'ended');
  await it.pass(500);
  assert.equal(it.state, 'listening');
});

test('permission that is withdrawn: what was said is asked, and nothing is heard any more', async (t) => {
  const it = await handsFree(t);
  it.microphone.open = async () => {
    throw Object.assign(new Error('denied'), { name: 'NotAllowedError' });
  };
  it.say('What does it cost?');
  await it.pass(1250);
  it.microphone.tracks.at(-1).end();
  assert.ok(await it.until(() => it.turns.length));
  assert.deepEqual(asked(it), ['What does it cost?']);
  assert.ok(await it.until(() => it.state === 'idle'));
});

test('permission that is withdrawn in a pause', async (t) => {
  const it = await handsFree(t);
  it.microphone.open = async () => {
    throw Object.assign(new Error('denied'), { name: 'NotAllowedError' });
  };
  it.microphone.tracks.at(-1).end();
  assert.ok(await it.until(() => it.state === 'error'));
  assert.deepEqual(it.failures, ['denied']);
});

test('a headset that is muted for a second goes on', async (t) => {
  const it = await handsFree(t);
  it.microphone.tracks.at(-1).mute(true);
  await it.pass(1000);
  it.microphone.tracks.at(-1).mute(false);
  await it.pass(5000);
  assert.equal(it.state, 'listening');
});

test('a call that mutes the microphone ends listening', async (t) => {
  const it = await handsFree(t);
  it.microphone.tracks.at(-1).mute(true);
  assert.ok(await it.until(() => it.state === 'error', 4000));
  assert.deepEqual(it.failures, ['interrupted']);
});

test('a call while the button is held: what was said before is asked', async (t) => {
  const it = await held(t, {
    before: async (it) => {
      it.microphone.tracks.at(-1).mute(true);
      await it.pass(4000);
    },
  });
  assert.ok(await it.until(() => it.turns.length));
  assert.deepEqual(asked(it), ['What does it cost?']);
});

for (const first of ['timer', 'frame']) test(`a computer that wakes up after an hour does not listen, ${first} first`, async (t) => {
  const it = await handsFree(t);
  clock.sleep(3_600_000);
  if (first === 'timer') await clock.advance(1000);
  else it.microphone.play(new Float32Array(640));
  await clock.advance(0);
  assert.equal(it.state, 'error');
  assert.deepEqual(it.failures, ['interrupted']);
  assert.ok(it.microphone.tracks.every(({ readyState }) => readyState === 'ended'));
});

test('a computer that wakes up after ten seconds listens', async (t) => {
  const it = await handsFree(t);
  clock.sleep(10_000);
  await it.pass(1000);
  assert.equal(it.state, 'listening');
  it.say('What does it cost?');
  assert.ok(await it.until(() => it.turns.length));
});

test('a page that is hidden counts as releasing the button', async (t) => {
  const it = await held(t, {
    before: async () => {
      document.hidden = true;
      document.dispatchEvent(new Event('visibilitychange'));
    },
  });
  assert.ok(await it.until(() => it.turns.length));
  assert.deepEqual(asked(it), ['What does it cost?']);
});

test('hands-free goes on in a background tab, and after it', async (t) => {
  const it = await handsFree(t);
  for (const hidden of [true, false]) {
    document.hidden = hidden;
    document.dispatchEvent(new Event('visibilitychange'));
    it.say('What does it cost?');
    const before = it.turns.length;
    assert.ok(await it.until(() => it.turns.length > before));
    assert.ok(await it.until(() => it.state === 'listening'));
  }
});

test('Escape in any moment ends everything, and nothing is asked later', async (t) => {
  for (const wait of [300, 1300, 1700, 2300, 2700, 3500]) {
    const it = await handsFree(t);
    it.say('What does it cost?');
    await it.pass(wait);
    const before = it.turns.length;
    it.leave();
    await it.pass(3000);
    assert.equal(it.state, 'idle');
    assert.equal(it.turns.length, before);
    assert.ok(it.microphone.tracks.every(({ readyState }) => readyState === 'ended'));
  }
});
