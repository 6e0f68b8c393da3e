"""'The middle one', 'the cheapest', 'option 2': which of several things a question points at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from responders.offline.terms import RELATED, STOP_WORDS, stem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from responders.offline.topics import Group


class Way(Enum):
    """How a thing is picked from a list."""

    POSITION = "position"
    MIDDLE = "middle"
    PRICE = "price"
    STEP = "step"
    PRICE_STEP = "price step"
    REST = "rest"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Pick:
    """One such pointer. `value` is a position (-1: the last), -1 for cheap or back and 1 for dear or on.

    `noun` is the stemmed word that it stands before ('tier' in 'the middle tier'), else empty; `words` are
    the places of its words in the question.
    """

    way: Way
    value: int = 0
    noun: str = ""
    words: frozenset[int] = frozenset()


_BY_WORD: dict[tuple[Way, int], str] = {
    (Way.POSITION, 0): "first 1st",
    (Way.POSITION, 1): "second 2nd",
    (Way.POSITION, 2): "third 3rd",
    (Way.POSITION, 3): "fourth 4th",
    (Way.POSITION, 4): "fifth 5th",
    (Way.POSITION, -1): "last final",
    (Way.MIDDLE, 0): "middle mid",
    (Way.PRICE, -1): "cheapest lowest smallest",
    (Way.PRICE, 1): "priciest dearest costliest highest biggest largest top",
    (Way.PRICE_STEP, -1): "cheaper",
    (Way.PRICE_STEP, 1): "pricier dearer",
    (Way.STEP, 1): "next",
    (Way.STEP, -1): "previous",
    (Way.REST, 0): "others",
    (Way.ALL, 0): "difference differences compare comparison",
}
_PICKS = {word: way for way, words in _BY_WORD.items() for word in words.split()}
_DEGREES = {
    ("least", "expensive"): (Way.PRICE, -1),
    ("least", "costly"): (Way.PRICE, -1),
    ("most", "affordable"): (Way.PRICE, -1),
    ("most", "expensive"): (Way.PRICE, 1),
    ("most", "costly"): (Way.PRICE, 1),
    ("less", "expensive"): (Way.PRICE_STEP, -1),
    ("more", "affordable"): (Way.PRICE_STEP, -1),
    ("more", "expensive"): (Way.PRICE_STEP, 1),
}
_CARDINALS = {"one": 0, "two": 1, "three": 2, "four": 3, "five": 4, "1": 0, "2": 1, "3": 2, "4": 3, "5": 4}
# 'Other one', 'other two'; and words that count a thing without naming it.
_GENERIC = frozenset({"option", "choice", "item", "number", "thing", "kind", "type", "cost", "price"})


def find_pick(words: Sequence[str]) -> Pick | None:
    """The first pointer among the folded `words` of a question; None where there is none.

    'Difference' and its like count only where nothing else points.
    """
    found = [pick for place in range(len(words)) if (pick := _pick_at(place, words))]
    return min(found, key=lambda pick: pick.way is Way.ALL, default=None)


def fits(pick: Pick, group: Group) -> bool:
    """Whether `pick` may point into `group`: its noun is one of the group's, or none.

    A pointer by price needs a price for every member.
    """
    if pick.way in {Way.PRICE, Way.PRICE_STEP} and None in group.prices:
        return False
    return not pick.noun or among(pick.noun, group.nouns)


def among(noun: str, nouns: frozenset[str]) -> bool:
    """Whether `noun`, or a word related to it, is one of `nouns`."""
    return noun in nouns or bool(RELATED.get(noun, frozenset()) & nouns)


def choose(pick: Pick, group: Group, spoken: Sequence[int]) -> list[int]:
    """The members of `group` that `pick` points at, where `spoken` are those the last answer was about.

    Positions and comparisons go by what was spoken of where that was several, else by the whole group.
    Empty where there is no such member.
    """
    several = [member for member in group.members if member in spoken]
    offered = several if len(several) > 1 else list(group.members)
    match pick.way:
        case Way.POSITION:
            return offered[pick.value :][:1] or list(group.members)[pick.value :][:1]
        case Way.MIDDLE:
            middle = offered if len(offered) > 2 else list(group.members)
            return middle[(len(middle) - 1) // 2 : len(middle) // 2 + 1]
        case Way.PRICE:
            return [sorted(group.members, key=group.price)[-1 if pick.value > 0 else 0]]
        case Way.REST:
            return [member for member in group.members if member not in spoken]
        case Way.ALL:
            return offered
    return _beside(pick, group, several)


def _beside(pick: Pick, group: Group, spoken: Sequence[int]) -> list[int]:
    """The neighbour of what was spoken of, in order or by price; at the end, the last one itself."""
    by_price = pick.way is Way.PRICE_STEP
    order = sorted(group.members, key=group.price) if by_price else list(group.members)
    if len(spoken) == 1:
        place = order.index(spoken[0]) + pick.value
        return [order[min(max(place, 0), len(order) - 1)]]
    within = [member for member in order if member in spoken] or order
    return [within[0 if pick.value < 0 else -1]] if by_price else []


def _pick_at(place: int, words: Sequence[str]) -> Pick | None:
    word = words[place]
    following = words[place + 1] if place + 1 < len(words) else ""
    if degree := _DEGREES.get((word, following)):
        return _pick(degree, words, place, 2)
    if word == "other" and following in {"", "one", "ones", "two", "three"}:
        return _pick((Way.REST, 0), words, place, 2 if following else 1)
    if word in _PICKS:
        return _pick(_PICKS[word], words, place, 1)
    if following in _CARDINALS and word not in STOP_WORDS and place + 2 == len(words):
        noun = "" if word in _GENERIC else stem(word)
        return Pick(Way.POSITION, _CARDINALS[following], noun, frozenset({place, place + 1}))
    return None


def _pick(found: tuple[Way, int], words: Sequence[str], place: int, length: int) -> Pick:
    following = words[place + length] if place + length < len(words) else ""
    named = following and following not in STOP_WORDS and following not in _GENERIC
    used = range(place, place + length + (1 if following in _GENERIC or named else 0))
    return Pick(*found, stem(following) if named else "", frozenset(used))
