// Prints what the widget's rules say for what is written: [[written, spoken]], for all languages.
import ar from '../../widget/voice-agent/voice/spoken/rules/ar.js';
import de from '../../widget/voice-agent/voice/spoken/rules/de.js';
import en from '../../widget/voice-agent/voice/spoken/rules/en.js';

const pairs = [ar, de, en].flatMap(({ abbreviations, wording }) => [
  ...Object.values(abbreviations).flatMap((table) => Object.entries(table)),
  ...Object.entries(wording.currencies).map(([written, forms]) => [written, forms.join(' ')]),
  ...[wording.units, wording.magnitudes, wording.every ?? {}, wording.address].flatMap(Object.entries),
  ['/', wording.per],
  ['–', wording.to],
  ['-', wording.to],
]);
console.log(JSON.stringify(pairs.filter(([, spoken]) => spoken).map(([written, spoken]) => [written.replace(/^0 |^-(?=.)| [0A]$|\?/g, ''), spoken.replaceAll('|', ' ')])));
