// The browser's own recognition, with the habits of each browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clock } from './room.mjs';

const voice = new URL('../../widget/voice-agent/voice/', import.meta.url);
const { BrowserListener } = await import(new URL('browser-listener.js', voice));
const { joinResults } = await import(new URL('hearing/results.js', voice));

class Recognition {
  static all = [];
  stopped = false;

  constructor() {
    Recognition.all.push(this);
  }

  start() {}

  stop() {
    this.stopped = true;
  }

  abort() {}

  understand(...results) {
    this.onresult({ results: results.map((transcript) => [{ transcript }]) });
  }

  end(error) {
    if (error) this.onerror({ error });
    this.onend();
  }
}
globalThis.webkitSpeechRecognition = Recognition;

/** A listener that has begun, and what came of it. */
function listening(t, attributes = {}) {
  Recognition.all = [];
  const it = { heard: [], failed: [], shown: '', all: Recognition.all };
  const host = { getAttribute: (name) => attributes[name] ?? null, closest: () => null };
  const events = { changed() {}, heard: (text) => it.heard.push(text), failed: (name) => it.failed.push(name) };
  const view = { interim: (text) => (it.shown = text), noInterim() {} };
  it.listener = new BrowserListener(host, events, view);
  it.listener.start();
  t.after(() => it.listener.stop());
  return it;
}

for (const [browser, results, text] of [
  ['Chrome', ["what's your", ' pricing'], "what's your pricing"],
  ['Chrome, the same twice', ['yes', ' yes'], 'yes yes'],
  ['Android', ['what', 'what is', 'what is your price'], 'what is your price'],
  ['Android, a better last word', ['what is your price', 'what is your pricing'], 'what is your pricing'],
  ['Android, the same twice', ['what is it', 'what is it'], 'what is it'],
  ['Android, upper case', ['What is', 'what is it'], 'what is it'],
  ['Android, another sentence', ['what is it', 'how much'], 'what is it how much'],
  ['Android, another sentence that begins alike', ['is it new', 'is that all'], 'is it new is that all'],
  ['Japanese', ['料金は', 'いくらですか'], '料金はいくらですか'],
]) {
  test(`results as one text: ${browser}`, () => assert.equal(joinResults(results), text));
}

test('recognition that ends by itself while the button is held goes on', async (t) => {
  const it = listening(t);
  it.all[0].understand('How much is the');
  await clock.advance(4000);
  it.all[0].end();
  assert.deepEqual(it.heard, []);
  assert.equal(it.listener.state, 'listening');
  it.all[1].understand('larger plan');
  assert.equal(it.shown, 'How much is the larger plan');
  it.listener.finish();
  it.all[1].end();
  assert.deepEqual(it.heard, ['How much is the larger plan']);
});

for (const error of ['no-speech', 'network', 'aborted']) {
  test(`recognition that fails for the moment (${error}) goes on with what was understood`, async (t) => {
    const it = listening(t);
    it.all[0].understand('How much is');
    it.all[0].end(error);
    it.all[1].understand('it');
    it.listener.finish();
    it.all[1].end();
    assert.deepEqual(it.heard, ['How much is it']);
    assert.deepEqual(it.failed, []);
  });
}

test('recognition that always ends at once is given up, and what was understood is asked', (t) => {
  const it = listening(t);
  it.all[0].understand('How much is it');
  for (let count = 0; count < 4 && !it.heard.length; count += 1) it.all.at(-1).end('network');
  assert.deepEqual(it.heard, ['How much is it']);
  assert.equal(it.all.length, 4);
});

test('recognition that never listens', (t) => {
  const it = listening(t);
  for (let count = 0; count < 3; count += 1) it.all.at(-1).end();
  assert.deepEqual(it.failed, ['silent']);
});

test('permission that is withdrawn: what was understood is asked', (t) => {
  const it = listening(t);
  it.all[0].understand('How much is it');
  it.all[0].end('not-allowed');
  assert.deepEqual(it.heard, ['How much is it']);
});

test('recognition that says nothing after the button is released', async (t) => {
  const it = listening(t);
  it.all[0].understand('How much is it');
  it.listener.finish();
  assert.equal(it.listener.state, 'transcribing');
  await clock.advance(3100);
  assert.deepEqual(it.heard, ['How much is it']);
});

test('recognition that never says anything ends', async (t) => {
  const it = listening(t, { 'max-recording': '20' });
  await clock.advance(23_100);
  assert.deepEqual(it.failed, ['silent']);
  assert.equal(it.listener.state, null);
});

test('a page that is hidden counts as releasing the button', (t) => {
  const it = listening(t);
  it.all[0].understand('How much is it');
  document.hidden = true;
  document.dispatchEvent(new Event('visibilitychange'));
  document.hidden = false;
  assert.ok(it.all[0].stopped);
  it.all[0].end();
  assert.deepEqual(it.heard, ['How much is it']);
});

test('a recogniser that cannot start', () => {
  const { start } = Recognition.prototype;
  Recognition.prototype.start = () => {
    throw new Error('InvalidStateError');
  };
  const it = listening({ after() {} });
  Recognition.prototype.start = start;
  assert.deepEqual(it.failed, ['unsupported']);
});

test('recognition that fails without saying that it has ended', async (t) => {
  const it = listening(t);
  it.all[0].understand('How much is it');
  it.all[0].onerror({ error: 'not-allowed' });
  await clock.advance(600);
  assert.deepEqual(it.heard, ['How much is it']);
});
