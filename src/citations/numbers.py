"""Numbers and times of day in a text, by value: '1,200' is '1200', and '9 am' is '09:00'."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from citations.number_words import spelled

if TYPE_CHECKING:
    from collections.abc import Iterator

# What is read is written in one way: a number as '49.5', a time as '09:00', and the hour of one as '9!'.
Facts = frozenset[str]

_TIME = re.compile(
    r"(?<![\w.,:])(?P<hour>[01]?\d|2[0-4])(?:(?P<mark>[:.h])(?P<minute>[0-5]\d))?"
    r"\s?(?P<half>a\.?m\b\.?|p\.?m\b\.?|uhr\b|o['’]clock|صباح\w*|مساء\w*)?(?![\d:])",  # noqa: RUF001
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"(?<![^\W\d_])\d{1,3}(?:[ \u00a0\u202f'’]\d{3})+(?:[.,]\d{1,2})?(?!\d)"  # noqa: RUF001
    r"|(?<![\w.])\d{1,2}\.\d{1,2}\.(?:\d{4})?(?!\d)|(?<![^\W\d_])\d+(?:[.,]\d+)*"
)
_DATE = re.compile(r"(\d{1,2})\.\d{1,2}\.(\d{4})?")
_SEPARATOR = re.compile(r"[.,]")
_NOON, _GROUP = 12, 3
_AFTERNOON = ("p", "م")


def claims(text: str) -> Iterator[tuple[str, Facts]]:
    """Each number and time that `text` states, as it stands there, and the facts any of which supports it."""
    for found in _times(text):
        hour, minute = _clock(found)
        whole = {str(hour), str(hour % _NOON or _NOON)} if not minute else set[str]()
        yield found[0].strip(" ."), frozenset({f"{hour:02}:{minute:02}", *whole})
    for token in _NUMBER.finditer(_without_times(text)):
        for part in _parts(token[0]):
            numbers = _readings(part)
            yield part, frozenset(numbers | {f"{number}!" for number in numbers})
    for words, value, telling in spelled(text):
        if telling:
            yield words, frozenset({str(value)})


def facts(text: str) -> Iterator[str]:
    """Each number and time in `text`, which supports a claim of the same."""
    for found in _times(text):
        hour, minute = _clock(found)
        yield from (f"{hour:02}:{minute:02}", f"{hour}!", f"{hour % _NOON or _NOON}!")
    for token in _NUMBER.finditer(_without_times(text)):
        for part in _parts(token[0]):
            yield from _readings(part)
    yield from (str(value) for _, value, _ in spelled(text))


def _times(text: str) -> Iterator[re.Match[str]]:
    return (found for found in _TIME.finditer(text) if found["half"] or found["mark"] == ":")


def _without_times(text: str) -> str:
    return _TIME.sub(lambda found: " " if found["half"] or found["mark"] == ":" else found[0], text)


def _clock(found: re.Match[str]) -> tuple[int, int]:
    """The time of day on the clock of 24 hours."""
    hour, half = int(found["hour"]), (found["half"] or "").casefold()
    if half.startswith(_AFTERNOON) and hour < _NOON:
        hour += _NOON
    elif half.startswith(("a", "ص")) and hour == _NOON:
        hour = 0
    return hour % 24, int(found["minute"] or 0)


def _parts(token: str) -> list[str]:
    """The numbers of a token: of a date, the day and the year, because months have names too."""
    if date := _DATE.fullmatch(token):
        return [part for part in date.groups() if part]
    groups = _SEPARATOR.split(token)
    alike = len(set(_SEPARATOR.findall(token))) == 1
    is_date = alike and len(groups) > 2 and any(len(group) != _GROUP for group in groups[1:])
    return groups if is_date else [token]


def _readings(token: str) -> set[str]:
    """What a number may mean: '1.200' is twelve hundred in one country, and one and a fifth in another."""
    token = re.sub(r"[ \u00a0\u202f'’]", "", token)  # noqa: RUF001
    groups = _SEPARATOR.split(token)
    if len(groups) == 1:
        return {_canonical(token)}
    whole, decimals = "".join(groups[:-1]), groups[-1]
    marks = _SEPARATOR.findall(token)
    read = set[str]()
    if len(decimals) == _GROUP and len(set(marks)) == 1 and len(groups[0]) <= _GROUP:
        read.add(_canonical(whole + decimals))
    if len(marks) == 1 or marks[-1] != marks[0]:
        read.add(_canonical(f"{whole}.{decimals}"))
    return read or {_canonical(whole + decimals)}


def _canonical(number: str) -> str:
    return f"{Decimal(number).normalize():f}"
