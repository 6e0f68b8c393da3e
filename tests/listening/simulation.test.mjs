// Fifty hands-free turns in a row. `node tests/listening/simulation.mjs 500` makes it five hundred.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { converse } from './simulation.mjs';

test('fifty turns with pauses, noises, interruptions and late words', async () => {
  const found = await converse(50, 1);
  const { lost, twice, split, ended, stuck, failures } = found;
  assert.deepEqual({ lost, twice, split, ended, stuck, failures }, { lost: [], twice: [], split: [], ended: [], stuck: [], failures: [] });
  assert.equal(found.turns, found.expected);
  assert.ok(found.turns >= 50);
  assert.ok(found.replaced > 0);
});
