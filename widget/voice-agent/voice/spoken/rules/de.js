const MONTHS = 'Januar Februar März April Mai Juni Juli August September Oktober November Dezember'.split(' ');
const DAYS = 'Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag'.split(' ');
const DAY = '(Mo|Di|Mi|Do|Fr|Sa|So)\\.?';
const ONES = 'ein zwei drei vier fünf sechs sieben acht neun'.split(' ');
const STEMS = [
  ...'erst zweit dritt viert fünft sechst siebt acht neunt zehnt elft zwölft'.split(' '),
  ...'drei vier fünf sech sieb acht neun'.split(' ').map((one) => `${one}zehnt`),
  'zwanzigst',
  ...ONES.map((one) => `${one}undzwanzigst`),
  'dreißigst',
  'einunddreißigst',
];
// What tells the ending of the ordinal number after it.
const DATIVE = 'am|im|vom|zum|zur|beim|den|dem|des|bis|ab|seit|(?:in|auf|an|seit|nach|mit|bei|von|zu|aus|ab|vor) der|jeden|jedem|unserem|unseren';
const BEFORE = `${DATIVE}|der|die|das|jede|unsere|ihre|seine|diese|eine|jeder|unser|ihr|sein|ein|kein`;

const inFull = (/** @type {string} */ short) => DAYS.find((day) => day.startsWith(short)) ?? short;
const time = (/** @type {string} */ _, /** @type {string} */ hour, /** @type {string} */ minutes) =>
  `${Number(hour)} Uhr${Number(minutes) ? ` ${Number(minutes)}` : ''}`;

/**
 * An ordinal number with the ending that the word before it asks for: 'am dritten', 'der dritte', 'Montag, dritter'.
 *
 * @param {string} found
 * @param {string | undefined} before
 * @param {string} number
 * @param {string} next
 */
function ordinal(found, before = '', number, next) {
  const stem = STEMS[Number(number) - 1];
  const month = MONTHS.includes(next);
  if (!stem || (!before && !month)) return found;
  const word = before.trim().toLowerCase();
  const ending = RegExp(`^(?:${DATIVE})$`).test(word) ? 'en' : /e$|^d[ea][rs]$|^jeder$/.test(word) ? 'e' : 'er';
  return before + stem + ending;
}

/** @type {import('../rules.js').RuleData} */
export default {
  abbreviations: {
    within: {
      'z.B.': 'zum Beispiel',
      'd.h.': 'das heißt',
      'u.a.': 'unter anderem',
      'v.a.': 'vor allem',
      'i.d.R.': 'in der Regel',
      's.o.': 'siehe oben',
      's.u.': 'siehe unten',
      'bzw.': 'beziehungsweise',
      'bzgl.': 'bezüglich',
      'ca.': 'circa',
      'evtl.': 'eventuell',
      'ggf.': 'gegebenenfalls',
      'vgl.': 'vergleiche',
      'inkl.': 'inklusive',
      'exkl.': 'exklusive',
      'zzgl.': 'zuzüglich',
      'max.': 'maximal',
      'mind.': 'mindestens',
      'Tel.': 'Telefon',
      'Nr. 0': 'Nummer',
      'Abs. 0': 'Absatz',
      'Art. 0': 'Artikel',
      'S. 0': 'Seite',
      'Dr. A': 'Doktor',
      'Prof.': 'Professor',
      'Hr. A': 'Herr',
      'Fr. A': 'Frau',
      'St. A': 'Sankt',
      ...Object.fromEntries(MONTHS.filter((name) => name.length > 4).map((name) => [`${name.slice(0, 3)}. 0`, name])),
      'Sept. 0': 'September',
    },
    either: {
      '0 Min.': '',
      '0 Std.': '',
      '0 Tsd.': 'Tausend',
      '0 Mio.': 'Millionen',
      '0 Mrd.': 'Milliarden',
      ...Object.fromEntries(MONTHS.filter((name) => name.length > 4).map((name) => [`0 ${name.slice(0, 3)}.`, name])),
      '-str. 0': 'straße',
      'USt.': 'Umsatzsteuer',
      'MwSt.': 'Mehrwertsteuer',
      'Str.': 'Straße',
    },
    last: {
      'usw.': 'und so weiter',
      'etc.': 'et cetera',
      'u.v.m.': 'und vieles mehr',
      'o.Ä.': 'oder Ähnliches',
      'u.Ä.': 'und Ähnliches',
    },
  },
  common:
    'der die das den dem wir sie es ich ihr du er ein eine in im für bitte wenn unser unsere ihre ja nein und oder aber auch mit ' +
    'zum zur bei von auf an am ab als alle jeder dazu dies diese dieser dieses hier ist sind nicht zu bis so damit danach',
  dates: [...MONTHS, ...DAYS].join(' '),
  beforeOrdinal: RegExp(`(?:^|[^\\p{L}])(?:${BEFORE})\\s\\d{1,3}$`, 'iu'),
  wording: {
    forms: ['one', 'other'],
    address: { '@': 'ät', '.': 'Punkt', _: 'Unterstrich', '-': 'Bindestrich', '+': 'plus' },
    to: 'bis',
    per: 'pro',
    price: 'W N',
    currencies: {
      '€': ['Euro', 'Cent'],
      EUR: ['Euro', 'Cent'],
      $: ['Dollar', 'Cent'],
      USD: ['US-Dollar', 'Cent'],
      CHF: ['Franken', 'Rappen'],
    },
    magnitudes: { Mio: 'Millionen', Mrd: 'Milliarden', Tsd: 'Tausend', Millionen: 'Millionen', Milliarden: 'Milliarden' },
    units: {
      '%': 'Prozent',
      '°C': 'Grad Celsius',
      '°': 'Grad',
      km: 'Kilometer',
      'km/h': 'Kilometer pro Stunde',
      m: 'Meter',
      cm: 'Zentimeter',
      'm²': 'Quadratmeter',
      Min: 'Minute|Minuten',
      Std: 'Stunde|Stunden',
      kg: 'Kilogramm',
      g: 'Gramm',
      l: 'Liter',
      ml: 'Milliliter',
      MB: 'Megabyte',
      GB: 'Gigabyte',
      min: 'Minute|Minuten',
      h: 'Stunde|Stunden',
    },
    numericDate: () => /(?<![\d.])(?<day>\d{1,2})\. ?(?<month>\d{1,2})\.(?: ?(?<year>\d{4}))?(?![\d.])/g,
    before: [
      [/(?<![\d:.])(\d{1,2})[:.](\d\d) ?Uhr(?!\p{L})/gu, time],
      [/(?<![\d:.])([01]?\d|2[0-3]):([0-5]\d)(?![\d:])/g, time],
      [RegExp(`\\b${DAY} ?[–-] ?${DAY}(?!\\p{L})`, 'gu'), (_, from, until) => `${inFull(from)} bis ${inFull(until)}`],
      [RegExp(`\\b${DAY}(?=[,:]? \\d{1,2}(?: Uhr| bis \\d))`, 'gu'), (_, day) => inFull(day)],
      [/\b24\/7\b/g, '24 7'],
    ],
    after: [
      [RegExp(`\\b((?:${BEFORE}) )?(\\d{1,2})\\.(?= (\\p{L}+))`, 'giu'), ordinal],
      [/(?<=\b[CF])#(?![\p{L}\p{N}#])/gu, ' sharp'],
      [/#(?=\d)/g, 'Nummer '],
      [/§§ ?(?=\d)/g, 'Paragrafen '],
      [/§ ?(?=\d)/g, 'Paragraf '],
      [/\s?&\s?/g, ' und '],
      [/[~≈](?=[$€£]?\d)/g, 'etwa '],
      [/(?<=\d) ?× ?(?=\d)/g, ' mal '],
    ],
  },
};
