/**
 * Abbreviations by language, and what a person says for them. A `0` stands for a number before or after, an `A` for a
 * capital letter after.
 *
 * @type {Record<string, Record<string, string>>}
 */
const SPOKEN = {
  en: {
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
    'Dept.': 'department',
    'No. 0': 'number',
    'Nos. 0': 'numbers',
    'p. 0': 'page',
    'pp. 0': 'pages',
    'ext. 0': 'extension',
    'Tel.': 'telephone',
    '0 min.': 'minutes',
    '0 hrs.': 'hours',
  },
  de: {
    'z.B.': 'zum Beispiel',
    'bspw.': 'beispielsweise',
    'd.h.': 'das heißt',
    'u.a.': 'unter anderem',
    'v.a.': 'vor allem',
    'i.d.R.': 'in der Regel',
    'z.T.': 'zum Teil',
    'z.Zt.': 'zurzeit',
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
    '0 Min.': 'Minuten',
    '0 Std.': 'Stunden',
    '0 Tsd.': 'Tausend',
    '0 Mio.': 'Millionen',
    '0 Mrd.': 'Milliarden',
    'MwSt.': 'Mehrwertsteuer',
    'Tel.': 'Telefon',
    'Nr. 0': 'Nummer',
    'Abs. 0': 'Absatz',
    'Art. 0': 'Artikel',
    'S. 0': 'Seite',
    'Dr. A': 'Doktor',
    'Prof.': 'Professor',
    'Hr. A': 'Herr',
    'Fr. A': 'Frau',
  },
  ar: {
    'أ.د.': 'أستاذ دكتور',
    'د.': 'دكتور',
    'ص.ب.': 'صندوق بريد',
    '0 ر.س.': 'ريال سعودي',
    '0 د.إ.': 'درهم إماراتي',
    '0 ج.م.': 'جنيه مصري',
    '0 د.ك.': 'دينار كويتي',
  },
};

/**
 * Abbreviations that may end a sentence.
 *
 * @type {Record<string, Record<string, string>>}
 */
const SPOKEN_LAST = {
  en: { 'etc.': 'and so on', 'a.m.': 'a.m.', 'p.m.': 'p.m.' },
  de: {
    'usw.': 'und so weiter',
    'usf.': 'und so fort',
    'etc.': 'et cetera',
    'u.v.m.': 'und vieles mehr',
    'o.Ä.': 'oder Ähnliches',
    'u.Ä.': 'und Ähnliches',
  },
  ar: { 'إلخ.': 'إلى آخره', 'الخ.': 'إلى آخره' },
};
const NUMBER = '\\p{N}';

/** The abbreviations of a language. */
export class Abbreviations {
  /** What they are said as, by their letters. */
  #spoken;
  #any;
  #last;

  /** @param {string} language a language tag; of an unknown language, no abbreviations are known */
  constructor(language) {
    const code = language.split('-')[0].toLowerCase();
    const [within, last] = [SPOKEN[code] ?? {}, SPOKEN_LAST[code] ?? {}];
    const all = Object.entries({ ...within, ...last });
    this.#spoken = new Map(all.map(([written, spoken]) => [letters(written.replace(/^0 | [0A]$/g, '')), spoken]));
    this.#last = pattern(last);
    this.#any = pattern({ ...within, ...last });
  }

  /**
   * A text of the same length in which an abbreviation does not look like the end of a sentence, unless it may be.
   *
   * @param {string} text
   */
  mask(text) {
    const hideAllButLast = (/** @type {string} */ found) => hide(found.slice(0, -1)) + found.slice(-1);
    return text.replace(this.#last, hideAllButLast).replace(this.#any, hide);
  }

  /**
   * A sentence with the abbreviations written out.
   *
   * @param {string} sentence
   */
  expand(sentence) {
    return sentence.replace(this.#any, (found, at) => {
      const spoken = this.#spoken.get(letters(found)) ?? found;
      const first = at ? spoken[0] : spoken[0].toUpperCase();
      const end = at + found.length === sentence.length && !spoken.endsWith('.') ? '.' : '';
      return first + spoken.slice(1) + end;
    });
  }
}

/**
 * A word without dots in the place of a text; it may begin a sentence if the text may.
 *
 * @param {string} text
 */
export function hide(text) {
  return (/^\p{Ll}/u.test(text) ? 'x' : 'X').padEnd(text.length, 'x');
}

/** @param {string} abbreviation */
function letters(abbreviation) {
  return abbreviation.toLowerCase().replace(/[^\p{L}]/gu, '');
}

/**
 * Finds these abbreviations, with or without spaces after their dots.
 *
 * @param {Record<string, string>} abbreviations
 */
function pattern(abbreviations) {
  const sources = Object.keys(abbreviations).map((each) => {
    const [, number, written, after] = /^(0 )?(.*?)(?: ([0A]))?$/.exec(each) ?? [];
    const before = number ? `(?<=${NUMBER}\\s?)` : '(?<![\\p{L}\\p{N}.])';
    const next = after ? `(?=\\s?${after === '0' ? NUMBER : '\\p{Lu}'})` : '';
    const first = `[${written[0]}${written[0].toUpperCase()}]`;
    return before + first + written.slice(1).replaceAll('.', '\\.\\s?').replace(/\\s\?$/, '') + next;
  });
  return RegExp(sources.join('|') || '(?!)', 'gu');
}
