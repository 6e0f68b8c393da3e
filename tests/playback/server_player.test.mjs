// The server's voice: without gaps, with little fetched in vain, and never stuck.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AudioOfThePage, Room, clock, contexts, page, played, volumes } from './room.mjs';

const SHORT = ['Hi!', 'Sure.', 'We have three plans.', 'Growth costs 49 dollars a month.', 'Ask me about any of them.'];
const LONG = Array.from({ length: 12 }, (_, number) => `This is sentence number ${number} of a rather long answer.`);

/** Says all at once, and waits until it has been heard. */
async function heard(room, texts) {
  room.say(...texts);
  for (let second = 0; second < 120 && room.player.busy; second += 1) await clock.advance(1000);
  assert.equal(room.player.busy, false);
}

for (const synthesis of [0.2, 0.5, 1, 2, 3]) {
  test(`no gaps with ${synthesis} s of synthesis, also in the first answer`, async () => {
    const room = new Room({ synthesis });
    await heard(room, SHORT);
    assert.deepEqual(room.gaps.filter((gap) => gap > 20), []);
    await heard(room, LONG);
    assert.equal(room.requests.length, SHORT.length + LONG.length);
  });
}

test('sentences that arrive as they are written have no gaps that the writing does not have', async () => {
  const room = new Room({ synthesis: 1 });
  let shown = 0;
  for (const text of LONG) {
    room.player.say({ text, shown: (shown += text.length) });
    await clock.advance(300);
  }
  await clock.advance(60_000);
  assert.deepEqual(room.gaps, []);
});

test('a voice that takes longer now and then has no gaps once that is known', async () => {
  let count = 0;
  const room = new Room({ synthesis: () => (count++ % 3 ? 0.4 : 1.5) });
  await heard(room, LONG);
  played.length = 0;
  await heard(room, LONG);
  assert.deepEqual(room.gaps, []);
});

for (const [synthesis, seconds] of [[0.2, 2.5], [1, 2.5], [3, 6]]) {
  test(`an interruption wastes little, with ${synthesis} s of synthesis`, async () => {
    const room = new Room({ synthesis });
    await heard(room, SHORT);
    room.requests.length = 0;
    room.say(...LONG);
    await clock.advance(synthesis * 1000 + 1000);
    room.player.stop();
    const requested = room.requests.reduce((sum, { text }) => sum + text.length / 15, 0);
    assert.ok(requested - 1 <= seconds, `${requested} s were requested`);
    await clock.advance(10_000);
    assert.equal(room.requests.at(-1).at <= clock.now - 10_000, true);
  });
}

test('sound begins with the first bytes', async () => {
  const room = new Room({ synthesis: 0.3, speed: 1.05 });
  const asked = clock.now;
  room.say('A sentence of which each tenth of a second arrives just in time.');
  await clock.advance(600);
  assert.ok(room.firstSound - asked <= 420, `${room.firstSound - asked} ms`);
  await clock.advance(10_000);
  assert.deepEqual(room.gaps, []);
});

test('ducking lowers the voice to a fifth within 50 ms, and it goes on where it was', async () => {
  const room = new Room();
  room.say(...SHORT);
  await clock.advance(1000);
  room.player.duck();
  assert.equal(volumes.at(-1)[0], 0.2);
  assert.ok(volumes.at(-1)[1] - contexts.at(-1).currentTime <= 0.0501);
  await clock.advance(500);
  room.player.restore();
  assert.equal(volumes.at(-1)[0], 1);
  await clock.advance(20_000);
  assert.deepEqual(room.gaps, []);
  assert.equal(room.player.busy, false);
});

test('what was heard follows the sound, part by part', async () => {
  const room = new Room({ synthesis: 0.2 });
  const parts = ['abcdefghijklmno', 'pqrstuvwxyz1234'];
  room.say(...parts);
  await clock.advance(210);
  assert.ok(room.player.heard <= 1);
  await clock.advance(500);
  assert.ok(Math.abs(room.player.heard - 7) <= 1, `${room.player.heard}`);
  await clock.advance(700);
  assert.ok(Math.abs(room.player.heard - 19) <= 2, `${room.player.heard}`);
  await clock.advance(2000);
  assert.equal(room.player.heard, 31);
  room.player.stop();
  assert.equal(room.player.heard, 0);
});

test('what was heard is less by the latency of the loudspeaker', async () => {
  const room = new Room({ synthesis: 0.2 });
  room.player.unlock();
  contexts.at(-1).outputLatency = 0.4;
  room.say('a'.repeat(150));
  await clock.advance(200 + 1000);
  assert.ok(Math.abs(room.player.heard - 9) <= 1, `${room.player.heard}`);
});

test('sound that the system stops goes on as soon as it may', async () => {
  const room = new Room();
  room.say(...SHORT);
  await clock.advance(1000);
  AudioOfThePage.resumable = false;
  contexts.at(-1).become('interrupted');
  await clock.advance(700);
  assert.equal(room.player.busy, true);
  AudioOfThePage.resumable = true;
  await clock.advance(700);
  assert.equal(contexts.at(-1).state, 'running');
  await clock.advance(20_000);
  assert.equal(room.player.busy, false);
  assert.deepEqual(room.events, [['ended']]);
});

for (const event of ['visibilitychange', 'devicechange', 'pointerup']) {
  test(`${event} brings suspended sound back at once`, async () => {
    const room = new Room();
    room.say(...SHORT);
    await clock.advance(1000);
    AudioOfThePage.resumable = false;
    contexts.at(-1).become('suspended');
    AudioOfThePage.resumable = true;
    const { mediaDevices } = navigator;
    const target = { visibilitychange: document, devicechange: mediaDevices, pointerup: page }[event];
    target.dispatchEvent(new Event(event));
    assert.equal(contexts.at(-1).state, 'running');
    room.player.stop();
  });
}

test('sound at a standstill goes on with a new context, where it was', async () => {
  const room = new Room();
  const count = contexts.length;
  room.say('A sentence that takes about four seconds to be said aloud.', 'And another one.');
  await clock.advance(1500);
  const before = room.player.heard;
  contexts.at(-1).stuck = true;
  await clock.advance(2200);
  assert.equal(contexts.length, count + 2);
  assert.ok(room.player.heard >= before);
  await clock.advance(8000);
  assert.equal(room.player.heard, 'A sentence that takes about four seconds to be said aloud. And another one.'.length);
  assert.deepEqual(room.events, [['ended']]);
});

test('sound that does not come back ends speaking', async () => {
  const room = new Room();
  room.say(...LONG);
  await clock.advance(1000);
  AudioOfThePage.resumable = false;
  contexts.at(-1).become('suspended');
  await clock.advance(7000);
  assert.equal(room.player.busy, false);
  assert.deepEqual(room.events, [['ended']]);
  const requests = room.requests.length;
  await clock.advance(30_000);
  assert.equal(room.requests.length, requests);
});

test('a computer that sleeps while the agent speaks goes on after waking up', async () => {
  const room = new Room();
  room.say(...SHORT);
  await clock.advance(1000);
  contexts.at(-1).become('suspended');
  clock.sleep(3_600_000);
  await clock.advance(1000);
  assert.equal(contexts.at(-1).state, 'running');
  await clock.advance(20_000);
  assert.deepEqual(room.events, [['ended']]);
});

test('a browser that wants a gesture first says so, and plays after a tap', async () => {
  const room = new Room();
  AudioOfThePage.resumable = false;
  contexts.at(-1)?.become('closed');
  room.say('Yes, of course.');
  await clock.advance(1000);
  assert.deepEqual(room.events, [['blocked']]);
  assert.equal(played.length, 0);
  AudioOfThePage.resumable = true;
  contexts.at(-1).become('running');
  page.dispatchEvent(new Event('pointerup'));
  room.player.stop();
});

test('a sentence that fails is handed over with all that follow, after what was scheduled', async () => {
  const room = new Room();
  room.fails = (text) => text === SHORT[2];
  room.say(...SHORT);
  await clock.advance(3000);
  assert.deepEqual(room.events[0], ['takeOver', 'responder_failed', SHORT.slice(2)]);
});

test('connections are opened in advance, once a minute at most', async () => {
  const room = new Room();
  room.player.unlock();
  room.player.unlock();
  await clock.advance(59_000);
  room.player.unlock();
  assert.equal(room.warmedUp, 1);
  await clock.advance(2000);
  room.player.unlock();
  assert.equal(room.warmedUp, 2);
});
