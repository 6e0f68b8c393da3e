"""Terms: words as the search compares them, folded and stemmed, in any script.

The stemmer is English. Words of other languages are compared as written, apart from case and accents.
Scripts without spaces between words are compared by pairs of characters, as Lucene's CJK analyser does:
words would need a dictionary, and single characters match everywhere.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from knowledge.vocabulary import IRREGULAR

# Facts that are found whatever the words. A full stop keeps them apart from words.
FACT = "."
MONEY, TIME, DATE, DURATION, MEASURE, NUMBER = ".money", ".time", ".date", ".duration", ".measure", ".number"
AGE, ADDRESS = ".age", ".address"
EMAIL, PHONE = ".email", ".phone"

# Thai, Lao, Burmese and Khmer, kana, Chinese characters.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
_WORD = re.compile(
    rf"[{_UNSPACED}]+|[^\W\d_{_UNSPACED}]+(?:['’-][^\W\d_{_UNSPACED}]+)*|\d+(?:[.,:]\d+)*"  # noqa: RUF001
)
_CONTRACTED = re.compile(r"'(?:s|d|m|ll|re|ve)?$")
_MIN_STEM = 3
_DOUBLED = re.compile(r"([^aeiou])\1$")
_BRITISH = (
    (re.compile(r"(?<=\w\w\w)our(?=$|s|ed|ing|ful)"), "or"),
    (re.compile(r"(?<=\w\w\w)is(?=e|ing)"), "iz"),
)
_PLURAL = re.compile(r"(?<=[^su])s$")
# The first that matches is removed.
_SUFFIXES = tuple(re.split(" ", "ation ating ated ance ment itie ant ity ing ion ied ely ate ed ly ie e y"))
# Before these, the last consonant may have been doubled: 'cancelled'.
_DOUBLING = frozenset(["ed", "ing", "ation"])
_WRITTEN = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|fifty|hundred|half an?"
)
_NUMBER = rf"(?:\d[\d.,]*|\b(?:{_WRITTEN}))"
_CURRENCY = "dollars?|euros?|pounds?|francs?|usd|eur|gbp|chf|cents?"
_FREE = r"\b(?:free|no charge|kostenlos|gratis)\b"
_AMOUNT = rf"[$€£¥₹]\s?\d|\d[\d.,]*\s?(?:[$€£¥₹%]|(?:{_CURRENCY}|percent)\b)|{_FREE}"
_SUM = re.compile(rf"[$€£¥₹]\s?(\d[\d.,]*)|(\d[\d.,]*)\s?(?:[$€£¥₹]|(?:{_CURRENCY})\b)", re.IGNORECASE)
_THOUSANDS = re.compile(r"[.,](?=\d{3}(?:\D|$))")
_CLOCK = (
    r"\b\d{1,2}(?:[:.]\d\d\b|\s?[ap]\.?m\b|\s?o'clock|\s?uhr| in the (?:morning|afternoon|evening))|"
    r"\b(?:noon|midnight)\b"
)
_DAYS = (
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|\b(?:weekend|every day|daily|today|tomorrow|january|"
    r"february|march|april|may \d|june|july|august|september|october|november|december|christmas|easter|"
    r"montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|birthday)"
)
_SPAN = (
    rf"{_NUMBER}[ -](?:to \w+ )?(?:working |business )?(?:seconds?|minutes?|min|hours?|h|days?|nights?|"
    r"weeks?|months?|years?|minuten|stunden?|tagen?|wochen?|monaten?|jahren?)\b|"
    r"\b(?:once|twice) an? (?:day|week|month|year)|lifetime|overnight"
)
_AGE = r"\d+ (?:years? old|(?:or|and) (?:older|over|younger))|(?:under|over|ages?|aged) \d+|birthday"
_SIZE = (
    rf"{_NUMBER}[ -](?:square )?(?:met(?:er|re)s?|kilomet(?:er|re)s?|km|m|cm|miles?|feet|ft|inch(?:es)?|"
    r"kilos?|kg|g|grams?|pounds|liters?|litres?|m²|minutes'? walk)\b"
)
_STREET = (
    r"\b\d{1,5}[a-z]? (?:[A-Z][\w.']+ ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Square|Way|Row|"
    r"Yard|Court|Place|Plaza|Boulevard|Blvd|Quay|Hill|Terrace|Highway)\b|"
    r"\b[A-Z]\w+(?:straße|strasse|weg|platz|gasse) \d|\b(?:Calle|Rue|Via|Carrer|Avenida|Rua) [A-Z]"
)
_COUNTED = re.compile(rf"(?!one\b){_NUMBER} (?:\w+ )?\w+", re.IGNORECASE)
_PHONE = r"(?<![\d.,$€£])\+?\(?\d{2,5}\)?[ /-]\d{3,4}[ -]?\d{2,}"
_FACTS = (
    (ADDRESS, re.compile(_STREET)),
    (EMAIL, re.compile(r"\S@\S+\.\w")),
    (PHONE, re.compile(_PHONE)),
    (MONEY, re.compile(_AMOUNT, re.IGNORECASE)),
    (TIME, re.compile(_CLOCK, re.IGNORECASE)),
    (DATE, re.compile(_DAYS, re.IGNORECASE)),
    (DURATION, re.compile(_SPAN, re.IGNORECASE)),
    (AGE, re.compile(_AGE, re.IGNORECASE)),
    (MEASURE, re.compile(_SIZE, re.IGNORECASE)),
)


def fold(text: str) -> str:
    """`text` in lower case, without accents and with straight apostrophes."""
    text = text.replace("\u2019", "'").casefold()
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def words(text: str) -> list[str]:
    """The folded words and numbers of `text`, in order: 'What's a check-up?' gives what, a, check-up."""
    return [_CONTRACTED.sub("", word) for word in _WORD.findall(fold(text))]


def terms(text: str) -> list[str]:
    """The terms of `text`, in order, with words of little meaning among them."""
    return [term for word in words(text) for term in word_terms(word)]


def facts(text: str) -> list[str]:
    """A mark for each kind of fact in `text`, and one for each word of which it gives a number."""
    counted = (count_of(term) for one in _COUNTED.findall(text) for term in terms(one))
    return [*(mark for mark, pattern in _FACTS if pattern.search(text)), *counted]


def count_of(term: str) -> str:
    """The mark for the number of what `term` means: 'two dental nurses' gives that for dental and nurse."""
    return f"{NUMBER}.{term}"


def amount_in(text: str) -> float | None:
    """The first amount of money in `text`; None without any."""
    found = _SUM.search(text)
    amount = (found[1] or found[2]).rstrip(".,") if found else ""
    return float(_THOUSANDS.sub("", amount).replace(",", ".")) if amount else None


@lru_cache(maxsize=8192)
def word_terms(word: str) -> tuple[str, ...]:
    """The terms of a folded word: 'check-up' gives checkup and check, so that it is found either way."""
    if "\u0e00" <= word[0] <= "\u9fff":
        return tuple(word[at : at + 2] for at in range(max(1, len(word) - 1)))
    if not word.isalpha():
        parts = re.split("['-]", word)
        if "-" not in word:
            return ("".join(parts),)
        return tuple(dict.fromkeys([stem("".join(parts)), *(stem(part) for part in parts if len(part) > 2)]))
    return (stem(word),)


def stem(word: str) -> str:
    """What the forms of an English word have in common: 'cancel' for 'cancelled' and 'cancellation'.

    A stem has at least three letters. Shorter words, numbers and words in other scripts stay as they are.
    """
    word = IRREGULAR.get(word, word)
    if len(word) <= _MIN_STEM or not (word.isascii() and word.isalpha()):
        return word
    word = _PLURAL.sub("", word)
    for pattern, american in _BRITISH:
        word = pattern.sub(american, word)
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _MIN_STEM:
            word = word.removesuffix(suffix)
            return _DOUBLED.sub(r"\1", word) if suffix in _DOUBLING and len(word) > _MIN_STEM else word
    return word
