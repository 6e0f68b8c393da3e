/**
 * What a language says about whether a turn is over. All in lower case; an entry may have up to three words.
 *
 * @typedef {object} Rules
 * @property {string[]} fillers said while looking for words
 * @property {string[]} open no sentence ends with them
 * @property {string[]} linking a question may end with them, another sentence hardly: 'What is it for?'
 * @property {string[]} questions begin a question
 * @property {string[]} complete whole turns of their own
 * @property {string[]} digits as they are spelt
 * @property {string[]} numbers announce a number that is dictated
 */

/** @param {string} words separated by spaces; commas separate entries of several words */
const list = (words) => words.split(words.includes(',') ? ', ' : ' ');

/** @type {Rules} for languages without rules of their own: sounds that many languages share, and digits */
export const NEUTRAL = {
  fillers: list('um uh uhm umm hm hmm mm mmm eh ehm em er erm euh öh äh ähm'),
  open: [],
  linking: [],
  questions: [],
  complete: ['ok', 'okay'],
  digits: [],
  numbers: [],
};

/** @type {Record<string, Rules>} by language */
export const RULES = {
  en: {
    fillers: [...NEUTRAL.fillers, ...list('ah actually basically')],
    open: list(
      "and, or, but, because, if, although, unless, whether, than, the, a, an, my, your, our, their, i, we, they, i'm, i'd, " +
        "i've, we're, very, would like to, going to, how to, able to, as well as, such as, so that, dot",
    ),
    linking: list('of to for with from in on at by about into between without through during per like when while is are am was were his'),
    questions: list('what when where who whom whose why how which do does did can could is are will would should may'),
    complete: list('yes, no, yeah, yep, nope, sure, ok, okay, stop, thanks, thank you, please, hello, hi, bye, goodbye'),
    digits: list('zero oh one two three four five six seven eight nine double triple'),
    numbers: list('number phone telephone call mobile cell date birthday code zip account iban order extension'),
  },
  de: {
    fillers: [...NEUTRAL.fillers, ...list('also naja tja äähm halt sozusagen')],
    open: list(
      'und, oder, aber, sondern, weil, dass, wenn, ob, als, obwohl, sowie, bzw, eine, einen, einem, einer, mein, meine, ' +
        'meinen, meiner, ihre, ihren, unser, unsere, sehr, zum beispiel, ich möchte, ich würde, ich hätte gern, punkt',
    ),
    linking: list('von für bei ohne gegen wegen in im am zum zur beim vom ins ans seit zwischen während pro der die das ein ihr ich wir ist sind'),
    questions: list('was wann wo wer wen wem wessen warum wieso weshalb wie welche welcher welches wohin woher wieviel'),
    complete: list('ja, nein, doch, klar, genau, gut, ok, okay, stopp, stop, danke, vielen dank, bitte, hallo, tschüss'),
    digits: list('null eins eine zwei zwo drei vier fünf sechs sieben acht neun doppel'),
    numbers: list('nummer telefonnummer telefon handynummer datum geburtstag plz postleitzahl iban bestellnummer kundennummer'),
  },
  ar: {
    fillers: [...NEUTRAL.fillers, ...list('يعني اه آه ااه امم اممم ممم إيه اا أه')],
    open: list(
      'و, أو, او, لكن, ولكن, ثم, لأن, لان, إذا, اذا, لو, أن, ان, إن, الذي, التي, كي, لكي, حتى, مثل, بدون, أريد, اريد, نقطة',
    ),
    linking: list('في من إلى الى على عن مع بين عند قبل بعد خلال تحت فوق هذا هذه هو هي أنا نحن'),
    questions: list('ما ماذا متى أين اين من لماذا كيف كم هل أي أية'),
    complete: list('نعم, لا, أجل, حسنا, طيب, تمام, شكرا, توقف, قف, مرحبا, أهلا, أوكي'),
    digits: list('صفر واحد اثنان اثنين ثلاثة أربعة اربعة خمسة ستة سبعة ثمانية تسعة'),
    numbers: list('رقم رقمي هاتف هاتفي جوال تاريخ الرمز رمز حساب'),
  },
};
