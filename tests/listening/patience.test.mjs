// How long a pause has to be, by what was said before it.
import assert from 'node:assert/strict';
import { test } from 'node:test';

const { patience } = await import(new URL('../../widget/voice-agent/voice/hearing/patience.js', import.meta.url));

const QUESTION = 0.5;
const SENTENCE = 0.6;
const UNSURE = 1;
const UNFINISHED = 1.8;
const LONGEST = 2.2;
/** @type {[string, number, string][]} */
const CASES = [
  ['en', QUESTION, 'What does it cost?'],
  ['en', QUESTION, 'What is it for?'],
  ['en', QUESTION, 'Who should I talk to?'],
  ['en', QUESTION, 'what does it cost a month'],
  ['en', QUESTION, 'How much is the 49 dollar plan?'],
  ['en', SENTENCE, 'I need the larger plan.'],
  ['en', SENTENCE, 'Yes'],
  ['en', SENTENCE, 'Thank you'],
  ['en', SENTENCE, 'It costs 10,000 dollars.'],
  ['en', SENTENCE, 'A table for two.'],
  ['en', UNSURE, 'the larger plan'],
  ['en', UNFINISHED, 'I would like to'],
  ['en', UNFINISHED, 'I would like to see the.'],
  ['en', UNFINISHED, 'How much is it if'],
  ['en', UNFINISHED, 'What does it cost and?'],
  ['en', UNFINISHED, 'I am calling from'],
  ['en', UNFINISHED, 'First,'],
  ['en', UNFINISHED, 'I was wondering…'],
  ['en', LONGEST, 'I need, um'],
  ['en', LONGEST, 'Uh...'],
  ['en', LONGEST, 'My number is 0'],
  ['en', LONGEST, 'My number is 0176 55.'],
  ['en', LONGEST, 'call me at five five'],
  ['en', LONGEST, 'one seven six'],
  ['en', SENTENCE, 'My number is 0176 5555 1234.'],
  ['de', QUESTION, 'Was kostet das?'],
  ['de', QUESTION, 'Wer ist das?'],
  ['de', QUESTION, 'Wann fängt ihr an?'],
  ['de', SENTENCE, 'Ich rufe Sie morgen an.'],
  ['de', SENTENCE, 'Vielen Dank'],
  ['de', UNFINISHED, 'Ich suche einen Tarif für'],
  ['de', UNFINISHED, 'Ich möchte'],
  ['de', UNFINISHED, 'Was kostet das, wenn'],
  ['de', LONGEST, 'Ich suche, äh'],
  ['de', LONGEST, 'Meine Telefonnummer ist null eins'],
  ['de', LONGEST, 'Die Postleitzahl ist 10'],
  ['ar', QUESTION, 'كم السعر؟'],
  ['ar', QUESTION, 'ما هذا؟'],
  ['ar', SENTENCE, 'نعم'],
  ['ar', SENTENCE, 'أريد الخطة الأكبر.'],
  ['ar', UNFINISHED, 'أريد أن'],
  ['ar', UNFINISHED, 'كم السعر و'],
  ['ar', LONGEST, 'أريد يعني'],
  ['ar', LONGEST, 'رقمي ٠١٧'],
  ['fr', QUESTION, 'Combien ça coûte ?'],
  ['fr', SENTENCE, 'Bonjour.'],
  ['fr', UNSURE, 'la grande formule'],
  ['fr', UNFINISHED, 'Je voudrais…'],
  ['fr', LONGEST, 'euh'],
  ['fr', LONGEST, 'le 06 12 34'],
  ['ja', QUESTION, 'いくらですか？'],
  ['pt-BR', SENTENCE, 'Obrigado.'],
];

for (const [language, share, text] of CASES) {
  test(`${language}: ${text}`, () => assert.equal(patience(text, language), share));
}
