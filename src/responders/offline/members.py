"""'The middle one': the things of a kind that a passage names, and which of them a question points at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from knowledge.terms import amount_in, terms, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from knowledge.query import Asked

_NUMBERED = ("first", "second", "third", "fourth", "fifth")
_PLACES = {word: place for place, word in enumerate(_NUMBERED)} | {"last": -1, "latter": -1, "letzte": -1}
_PLACES |= {"erste": 0, "zweite": 1, "dritte": 2}
_STEPS = {"next": 1, "nachste": 1, "previous": -1}
_MIDDLE = frozenset(["middle", "mittlere", "mittleren"])
_CHEAP = frozenset(["cheapest", "cheaper", "lowest", "gunstigste", "billigste"])
_DEAR = frozenset(["expensive", "dearest", "priciest", "teuerste", "highest"])
_POINTERS = _MIDDLE | _CHEAP | _DEAR | {*_PLACES, *_STEPS}
_POINTING_TERMS = frozenset(term for word in _POINTERS for term in terms(word))
# What people call one of several things, whatever these are, and what they ask about it.
_GENERIC = frozenset(
    terms("one option tier plan package level item step number kind type choice included cost")
)
_NUMBER = re.compile(r"\b(?:option|number|plan|step) ([1-5])\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Member:
    """One of several things: its name, what is said about it, and where: a passage, or a unit of it."""

    name: str
    text: str
    passage: int
    unit: int | None = None


def pointers(question: str) -> frozenset[str]:
    """The words of `question` that point at one of several things by its place or its price."""
    numbered = _NUMBER.sub(lambda found: _NUMBERED[int(found[1]) - 1], question)
    return _POINTERS.intersection(words(numbered))


def by_price(pointing: frozenset[str]) -> bool:
    """Whether one of these words means a price."""
    return not pointing.isdisjoint(_CHEAP | _DEAR)


def without_pointers(asked: Sequence[Asked]) -> list[Asked]:
    """What is asked besides which one: 'bread' in 'the most expensive bread'."""
    return [one for one in asked if not one.vague and not _POINTING_TERMS.issuperset(one.own)]


def pick(
    pointing: frozenset[str],
    asked: Sequence[Asked],
    heading: str,
    members: Sequence[Member],
    current: int | None,
) -> Member | None:
    """The one of `members`, which are under `heading`, that the words `pointing` mean.

    None if something else is asked, or there is none. `current` is the number of the last one talked about.
    """
    known = _GENERIC.union(terms(heading))
    asks_else = any(
        not known.issuperset(one.own) and not one.own[0].isdigit() for one in without_pointers(asked)
    )
    if len(members) <= 1 or asks_else or any(not pointing.isdisjoint(words(one.name)) for one in members):
        return None
    if by_price(pointing):
        priced = sorted(
            (price, at) for at, one in enumerate(members) if (price := amount_in(one.text)) is not None
        )
        return members[priced[0 if pointing & _CHEAP else -1][1]] if len(priced) > 1 else None
    if pointing & _MIDDLE:
        return members[len(members) // 2] if len(members) % 2 else None
    word = min(pointing)
    place = _PLACES.get(word, len(members) if current is None else current + _STEPS.get(word, 0))
    in_range = 0 <= place < len(members) or (place == _PLACES["last"] and word in _PLACES)
    return members[place] if in_range else None
