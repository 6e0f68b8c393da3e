"""What is said for what is written: the words that a text may have although the answer does not.

The widget writes them out before it has them spoken (`widget/voice-agent/voice/spoken/rules/`); a test
compares the two. They are those of all its languages, since a request does not say which one it is in.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from speech.words import normalized, words_in

if TYPE_CHECKING:
    from collections.abc import Mapping

# An abbreviation with dots inside, a word, or a symbol.
_WRITTEN = re.compile(r"[^\W\d_]{1,2}(?:\.\s?[^\W\d_]{1,2}(?![^\W\d_]))+|[^\W\d_]+|[^\w\s]|_")
# Longer ones are no days or months, and may be longer than `int` reads.
_NUMBER = re.compile(r"(?<!\d)\d{1,2}(?!\d)")
_DOTS = re.compile(r"[.\s]+")
_WORDINGS = """
أ.د: أستاذ دكتور; د: دكتور; ود: ودكتور; ص.ب: صندوق بريد; ت: هاتف; ر.س: ريال سعودي; د.إ: درهم إماراتي
ج.م: جنيه مصري; د.ك: دينار كويتي; إلخ: إلى آخره; الخ: إلى آخره
$: دولار دولارات سنت سنتات Dollar Cent dollar dollars cent cents and و
USD: دولار أمريكي دولارات أمريكية سنت سنتات US-Dollar Cent US dollar dollars cent cents and و
€: يورو سنت سنتات Euro Cent euro euros cent cents and و
EUR: يورو سنت سنتات Euro Cent euro euros cent cents and و
£: جنيه إسترليني بنس pound pounds penny pence and و; SAR: ريال سعودي ريالات سعودية هللة هللات
AED: درهم إماراتي دراهم إماراتية فلس; EGP: جنيه مصري جنيهات مصرية قرش قروش; %: بالمئة Prozent percent
٪: بالمئة; °C: درجة مئوية درجات Grad Celsius degree degrees; °م: درجة مئوية درجات; °: درجة درجات Grad
كم: كيلومتر كيلومترات; km: كيلومتر كيلومترات Kilometer kilometer kilometers; كم/س: كيلومتر في الساعة
سم: سنتيمتر سنتيمترات; م²: متر مربع أمتار مربعة; كجم: كيلوغرام كيلوغرامات; كغ: كيلوغرام كيلوغرامات
kg: كيلوغرام كيلوغرامات Kilogramm kilogram kilograms; مل: مليلتر; MB: ميغابايت Megabyte megabyte megabytes
GB: غيغابايت Gigabyte gigabyte gigabytes; k: ألف thousand; m: مليون Meter meter meters million
@: آت ät at; .: نقطة Punkt dot Uhr; _: شرطة سفلية Unterstrich underscore
-: شرطة إلى Bindestrich bis dash to; +: زائد plus; /: لكل pro per; \u2013: إلى bis to; z.B: zum Beispiel
d.h: das heißt; u.a: unter anderem; v.a: vor allem; i.d.R: in der Regel; s.o: siehe oben; s.u: siehe unten
bzw: beziehungsweise; bzgl: bezüglich; ca: circa; evtl: eventuell; ggf: gegebenenfalls; vgl: vergleiche
inkl: inklusive; exkl: exklusive; zzgl: zuzüglich; max: maximal maximum; mind: mindestens
Tel: Telefon telephone; Nr: Nummer; Abs: Absatz; Art: Artikel; S: Seite; Dr: Doktor Doctor
Prof: Professor; Hr: Herr; Fr: Frau Freitag; St: Sankt Saint Street; Jan: Januar January
Feb: Februar February; Apr: April; Aug: August; Sep: September; Okt: Oktober; Nov: November; Dez: Dezember
Sept: September; Tsd: Tausend; Mio: Millionen; Mrd: Milliarden; str: straße; USt: Umsatzsteuer
MwSt: Mehrwertsteuer; Str: Straße; usw: und so weiter; etc: et cetera and so on; u.v.m: und vieles mehr
o.Ä: oder Ähnliches; u.Ä: und Ähnliches; CHF: Franken Rappen
km/h: Kilometer pro Stunde kilometer per hour kilometers; cm: Zentimeter centimeter centimeters
m²: Quadratmeter square meter meters; min: Minute Minuten minute minutes; Std: Stunde Stunden
g: Gramm gram grams; l: Liter liter liters; ml: Milliliter milliliter milliliters
h: Stunde Stunden hour hours; e.g: for example; i.e: that is; approx: approximately; incl: including
excl: excluding; vs: versus; Mr: Mister; No: number; Nos: numbers; p: page; pp: pages; ext: extension
Mar: March; Oct: October; Dec: December; Dept: department; Ave: Avenue; Blvd: Boulevard; Rd: Road
Inc: Incorporated; Ltd: Limited; Co: Company; Jr: Junior; Sr: Senior; °F: degree Fahrenheit degrees
mph: mile per hour miles; ft: foot feet; lb: pound pounds; lbs: pound pounds; hr: hour hours
hrs: hour hours; bn: billion; mo: month; yr: year; #: number Nummer رقم sharp; &: and und و
~: about etwa حوالي; ≈: about etwa حوالي; \u00d7: by mal; §: Paragraf Paragrafen; :: Uhr; am: a m; pm: p m
ص: صباحًا; م: مساءً; w: with; Mon: Monday; Tue: Tuesday; Tues: Tuesday; Wed: Wednesday; Thu: Thursday
Thur: Thursday; Thurs: Thursday; Fri: Friday; Sat: Saturday; Sun: Sunday; Mo: Montag; Di: Dienstag
Mi: Mittwoch; Do: Donnerstag; Sa: Samstag; So: Sonntag; GBP: and و
"""
# Numbers may be those of months, or of days: 'October 3rd', 'am dritten Oktober'.
_MONTHS = """
January February March April May June July August September October November December
Januar Februar März April Mai Juni Juli August September Oktober November Dezember
يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
"""
_MONTHS_PER_YEAR = 12
_ORDINALS = """
erst zweit dritt viert fünft sechst siebt acht neunt zehnt elft zwölft dreizehnt vierzehnt fünfzehnt sechzehnt
siebzehnt achtzehnt neunzehnt zwanzigst einundzwanzigst zweiundzwanzigst dreiundzwanzigst vierundzwanzigst
fünfundzwanzigst sechsundzwanzigst siebenundzwanzigst achtundzwanzigst neunundzwanzigst dreißigst
einunddreißigst
"""
_ENGLISH_ENDINGS, _GERMAN_ENDINGS = ("st", "nd", "rd", "th"), ("e", "en", "er")


def words_for(written: str) -> Counter[str]:
    """The words that may be said for the abbreviations, symbols and numbers of a text, in lower case."""
    text = normalized(written)
    words: Counter[str] = Counter({word: text.count(".") for word in _SAID_FOR["."]})
    for chain, times in Counter(_WRITTEN.findall(text)).items():
        for form in _forms_in(chain) if "." in chain else (chain,):
            for word in _SAID_FOR.get(form, ()):
                words[word] += times
            if form.endswith("str"):  # German: Hauptstr.
                words[form.removesuffix("str") + "strasse"] += times
    for number in _NUMBER.findall(text):
        for word in _said_for_number(int(number)):
            words[word] += 1
    return words


def _forms_in(chain: str) -> set[str]:
    """What may be an abbreviation in `z. b. an`: its parts, and those beside each other, without dots."""
    parts = _DOTS.split(chain)
    return {
        "".join(parts[first:last]) for first in range(len(parts)) for last in range(first + 1, len(parts) + 1)
    }


def _said_for_number(number: int) -> list[str]:
    if not 0 < number <= len(_ORDINAL_STEMS):
        return []
    days = [*_ENGLISH_ENDINGS, *(_ORDINAL_STEMS[number - 1] + ending for ending in _GERMAN_ENDINGS)]
    return days + _MONTH_NAMES[number - 1 :: _MONTHS_PER_YEAR] if number <= _MONTHS_PER_YEAR else days


def _said_for() -> Mapping[str, set[str]]:
    """The words of `_WORDINGS`, by what the first word or symbol of each entry looks like without dots."""
    said: dict[str, set[str]] = {}
    for entry in re.split(r"[;\n] ?", normalized(_WORDINGS.strip())):
        written, _, spoken = entry.rpartition(": ")
        form = _DOTS.sub("", _WRITTEN.findall(written)[0]) or "."
        said.setdefault(form, set()).update(words_in(spoken))
    return said


_SAID_FOR = _said_for()
_ORDINAL_STEMS, _MONTH_NAMES = normalized(_ORDINALS).split(), normalized(_MONTHS).split()
