"""Picks: 'the middle one', 'the cheapest', 'option 2': which of several things a question refers to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from responders.offline.groups import is_among
from responders.offline.terms import stem
from responders.offline.vocabulary import STOP_WORDS, word_set

if TYPE_CHECKING:
    from collections.abc import Sequence

    from responders.offline.groups import Group


class PickBy(Enum):
    """How members of a group are picked. The steps start from the member that was discussed last."""

    POSITION = "position"
    MIDDLE = "middle"
    PRICE = "price"
    STEP = "step"
    PRICE_STEP = "price step"
    REST = "rest"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Pick:
    """A reference to members of a group.

    `value` is a position (-1 is the last), or a direction: -1 for cheapest, cheaper or previous, 1 for
    dearest, dearer or next. `noun` is the stem of the noun that follows ('tier' in 'the middle tier'), or
    empty. `word_positions` tells where in the question its words are.
    """

    by: PickBy
    value: int = 0
    noun: str = ""
    word_positions: frozenset[int] = frozenset()


_WORDS: dict[tuple[PickBy, int], str] = {
    (PickBy.POSITION, 0): "first 1st",
    (PickBy.POSITION, 1): "second 2nd",
    (PickBy.POSITION, 2): "third 3rd",
    (PickBy.POSITION, 3): "fourth 4th",
    (PickBy.POSITION, 4): "fifth 5th",
    (PickBy.POSITION, -1): "last final",
    (PickBy.MIDDLE, 0): "middle mid",
    (PickBy.PRICE, -1): "cheapest lowest smallest",
    (PickBy.PRICE, 1): "priciest dearest costliest highest biggest largest top",
    (PickBy.PRICE_STEP, -1): "cheaper",
    (PickBy.PRICE_STEP, 1): "pricier dearer",
    (PickBy.STEP, 1): "next",
    (PickBy.STEP, -1): "previous",
    (PickBy.REST, 0): "others",
    (PickBy.ALL, 0): "difference differences compare comparison",
}
_BY_WORD = {word: pick for pick, words in _WORDS.items() for word in words.split()}
_BY_TWO_WORDS = {
    ("least", "expensive"): (PickBy.PRICE, -1),
    ("least", "costly"): (PickBy.PRICE, -1),
    ("most", "affordable"): (PickBy.PRICE, -1),
    ("most", "expensive"): (PickBy.PRICE, 1),
    ("most", "costly"): (PickBy.PRICE, 1),
    ("less", "expensive"): (PickBy.PRICE_STEP, -1),
    ("more", "affordable"): (PickBy.PRICE_STEP, -1),
    ("more", "expensive"): (PickBy.PRICE_STEP, 1),
}
_CARDINALS = {"one": 0, "two": 1, "three": 2, "four": 3, "five": 4, "1": 0, "2": 1, "3": 2, "4": 3, "5": 4}
# What may follow 'other', as in 'the other two'.
_AFTER_OTHER = frozenset({"", "one", "ones", "two", "three"})
# Nouns that count things without naming them, as in 'option 2'.
_GENERIC_NOUNS = word_set("option choice item number thing kind type cost price")


def find_pick(words: Sequence[str]) -> Pick | None:
    """Return the first pick among the folded `words` of a question, or None if there is none.

    Words like 'difference', which pick all members, count only if there is no other pick.
    """
    picks = [pick for position in range(len(words)) if (pick := _pick_at(position, words))]
    return min(picks, key=lambda pick: pick.by is PickBy.ALL, default=None)


def fits(pick: Pick, group: Group) -> bool:
    """Return whether `pick` can refer to `group`: its noun, if any, is one of the group's.

    To pick by price, the price of every member has to be known.
    """
    if pick.by in {PickBy.PRICE, PickBy.PRICE_STEP} and None in group.prices:
        return False
    return not pick.noun or is_among(pick.noun, group.nouns)


def choose(pick: Pick, group: Group, discussed: Sequence[int]) -> list[int]:
    """Return the members of `group` that `pick` refers to; none if there is no such member.

    `discussed` are the members that the last answer was about. If there are several, positions and
    comparisons refer to those, otherwise to the whole group.
    """
    members = list(group.members)
    in_discussion = [member for member in members if member in discussed]
    offered = in_discussion if len(in_discussion) > 1 else members
    match pick.by:
        case PickBy.POSITION:
            return offered[pick.value :][:1] or members[pick.value :][:1]
        case PickBy.MIDDLE:
            return _middle(offered) or _middle(members) or members
        case PickBy.PRICE:
            return [sorted(members, key=group.price)[-1 if pick.value > 0 else 0]]
        case PickBy.REST:
            return [member for member in members if member not in discussed]
        case PickBy.ALL:
            return offered
    return _step(pick, group, in_discussion)


def _middle(members: list[int]) -> list[int]:
    """Return the member in the middle, or the two of an even number; none if there are fewer than three."""
    size = len(members)
    return members[(size - 1) // 2 : size // 2 + 1] if size > 2 else []


def _step(pick: Pick, group: Group, discussed: Sequence[int]) -> list[int]:
    """Return the neighbour of the discussed member, in order or by price; at the end, the member itself.

    If several members or none were discussed, 'cheaper' is the cheapest of those, and 'next' is none.
    """
    by_price = pick.by is PickBy.PRICE_STEP
    ordered = sorted(group.members, key=group.price) if by_price else list(group.members)
    if len(discussed) == 1:
        position = ordered.index(discussed[0]) + pick.value
        return [ordered[min(max(position, 0), len(ordered) - 1)]]
    candidates = [member for member in ordered if member in discussed] or ordered
    return [candidates[0 if pick.value < 0 else -1]] if by_price else []


def _pick_at(position: int, words: Sequence[str]) -> Pick | None:
    word = words[position]
    following = words[position + 1] if position + 1 < len(words) else ""
    if picked := _BY_TWO_WORDS.get((word, following)):
        return _pick(picked, words, position, 2)
    if word == "other" and following in _AFTER_OTHER:
        return _pick((PickBy.REST, 0), words, position, 2 if following else 1)
    if word in _BY_WORD:
        return _pick(_BY_WORD[word], words, position, 1)
    if following in _CARDINALS and word not in STOP_WORDS and position + 2 == len(words):
        noun = "" if word in _GENERIC_NOUNS else stem(word)
        return Pick(PickBy.POSITION, _CARDINALS[following], noun, frozenset({position, position + 1}))
    return None


def _pick(picked: tuple[PickBy, int], words: Sequence[str], position: int, length: int) -> Pick:
    """Make the pick of `length` words at `position`, with the noun that follows them."""
    end = position + length
    following = words[end] if end < len(words) else ""
    is_generic = following in _GENERIC_NOUNS
    is_noun = bool(following) and not is_generic and following not in STOP_WORDS
    noun = stem(following) if is_noun else ""
    return Pick(*picked, noun, frozenset(range(position, end + (is_generic or is_noun))))
