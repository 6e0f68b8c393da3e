// Several voices as one: nothing is said twice, nothing is left out, and the first is tried again later.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PlayerChain } from '../../widget/voice-agent/voice/chain.js';

const settled = () => new Promise((resolve) => setImmediate(resolve));
const part = (text) => ({ text, shown: 0 });

/** A voice that says a part when it is told to, and fails on demand. */
class FakePlayer {
  level = undefined;
  heard = 0;
  queue = [];

  constructor(name, said, events) {
    Object.assign(this, { name, said, events });
  }

  get busy() {
    return this.queue.length > 0;
  }

  unlock() {}
  duck() {}
  restore() {}

  say(one) {
    this.queue.push(one);
  }

  stop() {
    this.queue = [];
  }

  /** Says the next part. */
  speak() {
    this.events.started(0);
    this.said.push(`${this.name}: ${this.queue.shift().text}`);
    if (!this.busy) this.events.ended();
  }

  /** Fails with the part that is next. */
  async fail() {
    const unsaid = this.queue;
    this.queue = [];
    await this.events.takeOver({ code: 'failed' }, unsaid);
    this.events.ended();
  }
}

function voices(...names) {
  const said = [];
  const happened = [];
  const players = {};
  const clock = { now: 0 };
  const Class = (name) =>
    function (_host, events) {
      return (players[name] = new FakePlayer(name, said, events));
    };
  const [First, ...others] = names.map(Class);
  let chain;
  const events = {
    started: () => happened.push('started'),
    ended: () => chain.busy || happened.push('ended'),
    blocked: () => {},
    muted: () => happened.push('muted'),
  };
  const load = others.map((Other) => async () => Other);
  const first = new First({}, {
    started: () => {
      chain.sounded();
      events.started();
    },
    ended: () => events.ended(),
    takeOver: (error, unsaid) => chain.takeOver(error, unsaid),
  });
  chain = new PlayerChain({}, events, {}, first, load, () => clock.now);
  return { chain, clock, said, happened, players };
}

test('the next voice goes on with the part that was not said', async () => {
  const { chain, said, happened, players } = voices('server', 'browser');
  for (const text of ['One.', 'Two.', 'Three.']) chain.say(part(text));
  players.server.speak();
  await players.server.fail();
  chain.say(part('Four.'));
  while (players.browser.busy) players.browser.speak();
  assert.deepEqual(said, ['server: One.', 'browser: Two.', 'browser: Three.', 'browser: Four.']);
  assert.deepEqual(happened.filter((each) => each !== 'started'), ['ended']);
});

test('if that fails too, the first goes on in the same answer', async () => {
  const { chain, said, players } = voices('server', 'browser');
  for (const text of ['One.', 'Two.', 'Three.']) chain.say(part(text));
  await players.server.fail();
  players.browser.speak();
  await players.browser.fail();
  while (players.server.busy) players.server.speak();
  assert.deepEqual(said, ['browser: One.', 'server: Two.', 'server: Three.']);
});

test('what comes while the next voice is loaded is said by it, in order', async () => {
  const { chain, said, players } = voices('server', 'browser');
  chain.say(part('One.'));
  const failing = players.server.fail();
  chain.say(part('Two.'));
  assert.equal(chain.busy, true);
  await failing;
  while (players.browser.busy) players.browser.speak();
  assert.deepEqual(said, ['browser: One.', 'browser: Two.']);
});

test('an answer that is stopped meanwhile is not taken over', async () => {
  const { chain, said, players } = voices('server', 'browser');
  chain.say(part('One.'));
  const failing = players.server.fail();
  chain.stop();
  await failing;
  assert.equal(chain.busy, false);
  assert.deepEqual([said, players.browser?.queue ?? []], [[], []]);
});

test('the first voice rests, and is then tried again with the next answer', async () => {
  const { chain, clock, said, players } = voices('server', 'browser');
  chain.say(part('One.'));
  await players.server.fail();
  players.browser.speak();
  clock.now = 29_999;
  chain.say(part('Two.'));
  players.browser.speak();
  clock.now = 30_000;
  chain.say(part('Three.'));
  players.server.speak();
  assert.deepEqual(said, ['browser: One.', 'browser: Two.', 'server: Three.']);
});

test('if no voice can speak, that is said once', async () => {
  const { chain, happened, players } = voices('server', 'browser');
  chain.say(part('One.'));
  await players.server.fail();
  await players.browser.fail();
  await settled();
  assert.deepEqual(happened, ['muted', 'ended', 'ended'].slice(0, happened.length));
  assert.equal(happened.filter((each) => each === 'muted').length, 1);
  assert.equal(chain.busy, false);
});

test('a voice that the browser does not have is left out', async () => {
  const happened = [];
  const events = { started() {}, ended: () => happened.push('ended'), blocked() {}, muted: () => happened.push('muted') };
  const takeOver = (error, unsaid) => chain.takeOver(error, unsaid);
  const server = new FakePlayer('server', [], { ...events, takeOver });
  const chain = new PlayerChain({}, events, {}, server, [async () => null, () => Promise.reject(new Error('offline'))]);
  chain.say(part('One.'));
  await server.fail();
  assert.deepEqual(happened, ['muted', 'ended']);
});
