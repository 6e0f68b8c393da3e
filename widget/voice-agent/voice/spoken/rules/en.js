const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const DAYS = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ');
const DAY = '(Mon|Tue|Tues|Wed|Thu|Thur|Thurs|Fri|Sat|Sun)\\.?';
const MONTH = `(${MONTHS.join('|')})`;
const ordinal = new Intl.PluralRules('en', { type: 'ordinal' });
/** @type {Record<string, string>} */
const SUFFIXES = { one: 'st', two: 'nd', few: 'rd', other: 'th' };

const withSuffix = (/** @type {string} */ day) => Number(day) + SUFFIXES[ordinal.select(Number(day))];
const inFull = (/** @type {string} */ short) => DAYS.find((day) => day.startsWith(short.slice(0, 3))) ?? short;

/** @type {import('../rules.js').RuleData} */
export default {
  abbreviations: {
    within: {
      'e.g.': 'for example',
      'i.e.': 'that is',
      'approx.': 'approximately',
      'incl.': 'including',
      'excl.': 'excluding',
      'vs.': 'versus',
      'max.': 'maximum',
      'Dr. A': 'Doctor',
      'Mr.': 'Mister',
      'Prof.': 'Professor',
      'No. 0': 'number',
      'Nos. 0': 'numbers',
      'p. 0': 'page',
      'pp. 0': 'pages',
      'ext. 0': 'extension',
      'Tel.': 'telephone',
      ...Object.fromEntries(MONTHS.filter((name) => name.length > 4).map((name) => [`${name.slice(0, 3)}.? 0`, name])),
      'Sept.? 0': 'September',
    },
    either: {
      'St. A': 'Saint',
      'Dept.': 'department',
      'Ave.': 'Avenue',
      'Blvd.': 'Boulevard',
      'Rd.': 'Road',
      'Inc.': 'Incorporated',
      'Ltd.': 'Limited',
      'Co.': 'Company',
      'Jr.': 'Junior',
      'Sr.': 'Senior',
      '0 hr.': '',
      '0 min.': '',
      '0 hrs.': '',
    },
    last: { 'etc.': 'and so on', 'a.m.': '', 'p.m.': '' },
  },
  common:
    'the we you it this that these those there they he she if in for our your please yes no a an and but or so with at on to ' +
    'is are was be have has can do not of from by as when what how all each every here per i',
  dates: [...MONTHS, ...DAYS].join(' '),
  wording: {
    forms: ['one', 'other'],
    address: { '@': 'at', '.': 'dot', _: 'underscore', '-': 'dash', '+': 'plus' },
    to: 'to',
    per: 'per',
    every: { mo: 'month', yr: 'year', hr: 'hour' },
    price: 'W and C',
    currencies: {
      $: ['dollar|dollars', 'cent|cents'],
      USD: ['US dollar|US dollars', 'cent|cents'],
      '€': ['euro|euros', 'cent|cents'],
      EUR: ['euro|euros', 'cent|cents'],
      '£': ['pound|pounds', 'penny|pence'],
    },
    magnitudes: {
      k: 'thousand',
      million: 'million',
      billion: 'billion',
      m: 'million',
      M: 'million',
      bn: 'billion',
    },
    units: {
      '%': 'percent',
      '°C': 'degree Celsius|degrees Celsius',
      '°F': 'degree Fahrenheit|degrees Fahrenheit',
      km: 'kilometer|kilometers',
      'km/h': 'kilometer per hour|kilometers per hour',
      mph: 'mile per hour|miles per hour',
      m: 'meter|meters',
      cm: 'centimeter|centimeters',
      'm²': 'square meter|square meters',
      ft: 'foot|feet',
      kg: 'kilogram|kilograms',
      g: 'gram|grams',
      lb: 'pound|pounds',
      lbs: 'pound|pounds',
      l: 'liter|liters',
      ml: 'milliliter|milliliters',
      MB: 'megabyte|megabytes',
      GB: 'gigabyte|gigabytes',
      min: 'minute|minutes',
      h: 'hour|hours',
      hr: 'hour|hours',
      hrs: 'hour|hours',
    },
    numericDate: (region) =>
      region === undefined || region === 'US'
        ? /(?<![\d/])(?<month>\d{1,2})\/(?<day>\d{1,2})\/(?<year>\d{4})(?![\d/])/g
        : /(?<![\d/])(?<day>\d{1,2})\/(?<month>\d{1,2})\/(?<year>\d{4})(?![\d/])/g,
    before: [
      [/(?<!\d)(\d{1,2})(?::00|(:\d\d))? ?([ap])(?:m|\.m\.)(?!\p{L})/giu, (_, hour, minutes = '', half) => `${hour}${minutes} ${half.toLowerCase()}.m.`],
      [RegExp(`\\b${DAY} ?[–-] ?${DAY}(?!\\p{L})`, 'gu'), (_, from, until) => `${inFull(from)} to ${inFull(until)}`],
      [RegExp(`\\b${DAY}(?=[,:]? \\d{1,2}(?::\\d\\d)? ?(?:[ap]\\.m|to ))`, 'gu'), (_, day) => inFull(day)],
      [/\b24\/7\b/g, '24 7'],
      [/(?<=\d\S* (?:\p{Lu}\p{L}* )+)St(?:\.(?= ))?(?= |,|\.?$)/gu, 'Street'],
    ],
    after: [
      [RegExp(`\\b${MONTH} (\\d{1,2})(?![\\d:%]|[.,]\\d| \\p{Ll})`, 'gu'), (_, month, day) => `${month} ${withSuffix(day)}`],
      [RegExp(`(?<![\\d.,:])(\\d{1,2}) ${MONTH}\\b`, 'gu'), (_, day, month) => `${withSuffix(day)} ${month}`],
      [/(?<=\b[CF])#(?![\p{L}\p{N}#])/gu, ' sharp'],
      [/#(?=\d)/g, 'number '],
      [/\s?&\s?/g, ' and '],
      [/[~≈](?=[$€£]?\d)/g, 'about '],
      [/(?<=\d) ?× ?(?=\d)/g, ' by '],
      [/\b([ap])\.m\.\./g, '$1.m.'],
      [/\bw\/(?= ?\p{L})/gu, 'with '],
    ],
  },
};
