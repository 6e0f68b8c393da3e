// What a question does to the turns before it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Clock } from './clock.mjs';

const clock = new Clock();
clock.install();
const { FollowUp } = await import(new URL('../../widget/voice-agent/voice/follow-up.js', import.meta.url));

/** A spoken question whose turn has begun. */
function asked() {
  const it = new FollowUp();
  it.ask();
  it.begin();
  return it;
}

test('a question after an answer changes nothing', () => {
  assert.deepEqual(asked().ask(), { interrupted: undefined });
});

test('words before the answer go on with the question', () => {
  const it = asked();
  assert.equal(it.continueOrInterrupt('one', 0), true);
  assert.deepEqual(it.ask().replaces, ['one']);
});

test('words after a second of the answer interrupt it', async () => {
  const it = asked();
  it.perceive();
  await clock.advance(999);
  assert.equal(it.continueOrInterrupt('one', 7), true);
  await clock.advance(2);
  assert.equal(it.continueOrInterrupt('one', 7), false);
  assert.deepEqual(it.ask(), { interrupted: { turnId: 'one', heardChars: 7 } });
});

test('what goes on again replaces all that it goes on with, whatever reached the server', () => {
  const it = asked();
  it.perceive();
  it.interrupt('one', 7);
  assert.deepEqual(it.ask(), { interrupted: { turnId: 'one', heardChars: 7 } });
  it.begin();
  it.continueOrInterrupt('two', 0);
  it.ask();
  it.begin();
  it.continueOrInterrupt('three', 0);
  assert.deepEqual(it.ask(), { replaces: ['two', 'three'], interrupted: { turnId: 'one', heardChars: 7 } });
  it.begin();
  assert.deepEqual(it.ask(), { interrupted: undefined });
});

test('a typed question is never gone on with', () => {
  const it = new FollowUp();
  it.begin();
  assert.equal(it.continueOrInterrupt('one', 0), false);
});

test('no more turns are replaced than the server accepts', () => {
  const it = asked();
  for (let turn = 1; turn <= 12; turn += 1) {
    it.continueOrInterrupt(`turn ${turn}`, 0);
    it.ask();
    it.begin();
  }
  it.continueOrInterrupt('last', 0);
  const { replaces } = it.ask();
  assert.equal(replaces.length, 10);
  assert.equal(replaces.at(-1), 'last');
});
