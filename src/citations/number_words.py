"""Numbers in words, in the widget's three languages: 'twenty-five', 'fünfundzwanzig', 'خمسة وعشرون'."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_EINER = "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf"
_ARABIC = "صفر واحد اثنان ثلاثة أربعة خمسة ستة سبعة ثمانية تسعة عشرة"
_TENS = (
    "twenty thirty forty fifty sixty seventy eighty ninety",
    "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
    "عشرون ثلاثون أربعون خمسون ستون سبعون ثمانون تسعون",
    "عشرين ثلاثين أربعين خمسين ستين سبعين ثمانين تسعين",
)
_HUNDRED, _THOUSAND = 100, 1000

_VALUES: dict[str, int] = {
    **{word: value for words in (_UNITS, _EINER, _ARABIC) for value, word in enumerate(words.split())},
    **{word: 10 * ten for words in _TENS for ten, word in enumerate(words.split(), 2)},
    **dict.fromkeys(("ein", "eine", "einen"), 1),
    "sechzehn": 16,
    "siebzehn": 17,
    "اثنين": 2,
    "عشر": 10,
    **dict.fromkeys(("hundred", "hundert", "مئة", "مائة"), _HUNDRED),
    **dict.fromkeys(("thousand", "tausend", "ألف"), _THOUSAND),
}
# What may stand between two words of one number.
_JOINT = re.compile(r"[\s\u2011-]*(?:(?:and|und)\s+)?", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
# Smaller numbers in words count things of the answer's own, such as 'two ways', unless a unit follows.
_MIN_VALUE = 13
_MAX_DIGIT = 9
_UNIT = re.compile(
    r"\s*(?:%|percent|prozent|dollars?|euros?|pounds?|cents?|francs?|franken|"
    r"minutes?|minuten?|hours?|stunden?|days?|tagen?|weeks?|wochen?|months?|monaten?|years?|jahren?|"
    r"بالمئة|يورو|دولار|ريال|درهم|يوم|أيام|ساعات?|دقائق)\b",
    re.IGNORECASE,
)
# What occurs in every number in words that says more than how many things there are.
TELLING = re.compile(
    rf"teen|ty\b|ty-|hund|thousand|tausend|zig\b|dreißig|zehn\b|[و]ن\b|ين\b|مئة|مائة|ألف|{_UNIT.pattern}",
    re.IGNORECASE,
)


def spelled(text: str) -> Iterator[tuple[str, int, bool]]:
    """Each number in words: the words, its value, and whether it says more than how many things there are."""
    run: list[re.Match[str]] = []
    for word in _WORD.finditer(text):
        if _value(word[0]) is None:
            continue
        if run and _JOINT.fullmatch(text, run[-1].end(), word.start()):
            run.append(word)
        else:
            yield from _number(text, run)
            run = [word]
    yield from _number(text, run)


def _number(text: str, run: list[re.Match[str]]) -> Iterator[tuple[str, int, bool]]:
    values = [value for word in run if (value := _value(word[0])) is not None]
    if not values or (len(values) > 1 and max(values[:2]) <= _MAX_DIGIT):
        return  # digits that are read aloud
    value, end = _sum(values), run[-1].end()
    telling = value >= _MIN_VALUE or (value > 1 and _UNIT.match(text, end) is not None)
    yield text[run[0].start() : end], value, telling


def _sum(values: list[int]) -> int:
    total = current = 0
    for value in values:
        if value == _THOUSAND:
            total, current = total + max(1, current) * value, 0
        elif value == _HUNDRED:
            current = max(1, current) * value
        else:
            current += value
    return total + current


def _value(word: str) -> int | None:
    """The value of one word; German writes a number as one, and Arabic 'and' together with what follows."""
    word = word.casefold()
    word = word if word in _VALUES else word.removeprefix("و")
    return _VALUES.get(word) if word in _VALUES else _german(word)


def _german(word: str) -> int | None:
    for name, factor in (("tausend", _THOUSAND), ("hundert", _HUNDRED)):
        before, found, after = word.partition(name)
        if found:
            parts = _value(before) if before else 1, _value(after.removeprefix("und")) if after else 0
            return None if None in parts else (parts[0] or 0) * factor + (parts[1] or 0)
    unit, found, tens = word.partition("und")
    if found and unit in _VALUES and tens in _VALUES:
        return _VALUES[unit] + _VALUES[tens]
    return _VALUES[word[:-4]] + 10 if word.endswith("zehn") and word[:-4] in _VALUES else None
