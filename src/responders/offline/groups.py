"""Groups: topics that stand side by side, in order, so that 'the second one' has a meaning."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from responders.offline.prices import price_of
from responders.offline.terms import RELATED_TERMS, stem, stems, text_terms, words
from responders.offline.vocabulary import STOP_WORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from responders.offline.topics import Topic

_NUMBER_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True, slots=True)
class Group:
    """Sibling topics: the ids of the `members`, in order, and of their `parent`, which is -1 at the top.

    `kinds` are the stemmed words for a member ('tier'), and `nouns` those together with the words of the
    parent's heading. `prices` has the price of each member, or None where it is unknown.
    """

    parent: int
    members: tuple[int, ...]
    kinds: frozenset[str]
    nouns: frozenset[str]
    prices: tuple[float | None, ...]

    def price(self, member: int) -> float:
        """Return the price of `member`, infinity if unknown. Raises `ValueError` if it is not a member."""
        price = self.prices[self.members.index(member)]
        return math.inf if price is None else price


def find_groups(topics: Sequence[Topic]) -> list[Group]:
    """Return the groups that `topics` form. Sections and items with the same parent form separate groups."""
    families: dict[tuple[int, bool], list[Topic]] = {}
    for topic in topics:
        families.setdefault((topic.parent, topic.is_section), []).append(topic)
    groups = []
    for (parent_id, _), siblings in families.items():
        if len(siblings) > 1:
            parent = topics[parent_id] if parent_id >= 0 else None
            groups.append(_group(parent, _listed_together(siblings, parent)))
    return groups


def is_among(noun: str, nouns: frozenset[str]) -> bool:
    """Return whether `noun`, or a related word, is one of `nouns`."""
    return noun in nouns or bool(RELATED_TERMS.get(noun, frozenset()) & nouns)


def _listed_together(siblings: list[Topic], parent: Topic | None) -> list[Topic]:
    """Return the siblings that a sentence of the parent lists ('Starter, Growth and Scale'), or else all."""
    for sentence in parent.sentences if parent else ():
        spoken = stems(sentence)
        listed = [topic for topic in siblings if topic.is_named_in(spoken)]
        if len(listed) > 1:
            return listed
    return siblings


def _group(parent: Topic | None, members: list[Topic]) -> Group:
    item_nouns = {term for topic in members for term in text_terms(topic.item_noun)}
    kinds = frozenset(item_nouns | _counted_nouns(parent, len(members)) | _shared_nouns(members))
    return Group(
        parent=parent.id if parent else -1,
        members=tuple(topic.id for topic in members),
        kinds=kinds,
        nouns=kinds.union(text_terms(parent.title) if parent else ()),
        prices=tuple(price_of(topic, parent) for topic in members),
    )


def _counted_nouns(topic: Topic | None, size: int) -> set[str]:
    """Return the nouns that follow the number of members in the topic's text: 'tier' in 'three tiers'."""
    numbers = {str(size), *_NUMBER_WORDS[size : size + 1]}
    lines = [words(sentence) for sentence in topic.sentences] if topic else []
    counted = {noun for line in lines for number, noun in pairwise(line) if number in numbers}
    return {stem(noun) for noun in counted - STOP_WORDS}


def _shared_nouns(members: list[Topic]) -> set[str]:
    """Return words that several titles share, or that follow several names: 'tier' in 'the Growth tier'."""
    usage: Counter[str] = Counter()
    for topic in members:
        # In the text of a table row, the word after the name is the title of the next column.
        texts = (topic.title, *(topic.sentences if topic.is_section else ()))
        following = {
            stem(noun) for text in texts for name, noun in pairwise(words(text)) if stem(name) in topic.names
        }
        usage.update((following - topic.names) | stems(topic.title))
    return {word for word, count in usage.items() if count > 1 and word not in STOP_WORDS}
