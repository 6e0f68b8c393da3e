// Cuts and words texts with the widget's own modules, without a browser.
// In: [{language, pieces, limit}]. Out: for each, [{text, shown}].
import { text } from 'node:stream/consumers';
import { loadRules } from '../../widget/voice-agent/voice/spoken/rules.js';
import { SpokenSentences } from '../../widget/voice-agent/voice/spoken/sentences.js';

const rules = {};

async function speak({ language, pieces, limit }) {
  const sentences = new SpokenSentences(await (rules[language] ??= loadRules(language)), limit ?? undefined);
  return [...pieces.flatMap((piece) => sentences.add(piece)), ...sentences.flush()];
}

console.log(JSON.stringify(await Promise.all(JSON.parse(await text(process.stdin)).map(speak))));
