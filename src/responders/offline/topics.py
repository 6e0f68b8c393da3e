"""What there is to talk about: sections, named list items, table rows; and which of them belong together."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from responders.offline.speakable import blocks, inline, sentences
from responders.offline.terms import AMOUNT, STOP_WORDS, stem, text_terms, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from knowledge.documents import Section
    from responders.offline.speakable import Block

_NUMBER_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_GROUPED = re.compile(r"[.,](?=\d{3}(?:\D|$))")


@dataclass(frozen=True, slots=True)
class Topic:
    """A section, or a named item in one: its headings and what is said of it.

    `names` are the words that tell it from its siblings. `place` and `parent` are places in the list of
    topics; `parent` is -1 at the top.
    """

    place: int
    parent: int
    path: tuple[str, ...]
    sentences: tuple[str, ...]
    names: frozenset[str] = frozenset()
    is_section: bool = True

    @property
    def title(self) -> str:
        """The innermost heading."""
        return self.path[-1]


@dataclass(frozen=True, slots=True)
class Group:
    """Topics that stand beside each other, in order, so that 'the second one' means something.

    `kinds` are the words for one of them ('tier'), `nouns` those and the words of the heading above;
    `prices` has the first amount of money that is said of each, or None.
    """

    parent: int
    members: tuple[int, ...]
    kinds: frozenset[str]
    nouns: frozenset[str]
    prices: tuple[float | None, ...]

    def price(self, member: int) -> float:
        """The price of `member`, infinite where none is known; `ValueError` where it is no member."""
        price = self.prices[self.members.index(member)]
        return math.inf if price is None else price


def build_topics(sections: Sequence[Section]) -> tuple[list[Topic], list[Group]]:
    """All topics of `sections`, in order, and the groups they form."""
    drafts, nouns = _drafts(sections)
    topics = _named(drafts)
    families: dict[tuple[int, bool], list[Topic]] = {}
    for topic in topics:
        families.setdefault((topic.parent, topic.is_section), []).append(topic)
    groups = [
        _group(parent, _listed(family, topics[parent] if parent >= 0 else None), topics, nouns)
        for (parent, _), family in families.items()
        if len(family) > 1
    ]
    return topics, groups


def mentions(topic: Topic, said: frozenset[str]) -> bool:
    """Whether the words of a text, stemmed, name this topic."""
    return bool(topic.names) and topic.names <= said


def stems(text: str) -> frozenset[str]:
    """The words of `text`, stemmed, stop words and all."""
    return frozenset(stem(word) for word in words(text))


def _drafts(sections: Sequence[Section]) -> tuple[list[Topic], dict[int, str]]:
    topics: list[Topic] = []
    nouns: dict[int, str] = {}
    at: dict[tuple[str, tuple[str, ...]], int] = {}
    for section in sections:
        path = tuple(inline(heading) for heading in section.path)
        parent = at.get((section.document, section.path[:-1]), -1)
        place = at[section.document, section.path] = len(topics)
        said = blocks(section.text)
        topics.append(Topic(place, parent, path, _said(said)))
        for block in said:
            if block.name:
                nouns[len(topics)] = block.noun
                item = Topic(len(topics), place, (*path, block.name), _said([block]), is_section=False)
                topics.append(item)
    return topics, nouns


def _said(said: Iterable[Block]) -> tuple[str, ...]:
    return tuple(sentence for block in said for sentence in sentences(block.text))


def _named(drafts: Sequence[Topic]) -> list[Topic]:
    """`drafts` with the words that tell each from its siblings; all of its words where none does."""
    titles = [stems(topic.title) for topic in drafts]
    used: dict[int, Counter[str]] = {}
    for topic, title in zip(drafts, titles, strict=True):
        used.setdefault(topic.parent, Counter()).update(title)
    return [
        replace(topic, names=_telling(title, used[topic.parent]) or title)
        for topic, title in zip(drafts, titles, strict=True)
    ]


def _telling(title: frozenset[str], used: Counter[str]) -> frozenset[str]:
    own = {word for word in title if used[word] == 1 and not word.isdigit()}
    return frozenset(own - STOP_WORDS)


def _listed(family: list[Topic], parent: Topic | None) -> list[Topic]:
    """Those of `family` that one sentence of the parent lists ('Starter, Growth and Scale'), else all."""
    for sentence in parent.sentences if parent else ():
        said = stems(sentence)
        listed = [topic for topic in family if mentions(topic, said)]
        if len(listed) > 1:
            return listed
    return family


def _group(parent: int, family: list[Topic], topics: Sequence[Topic], nouns: dict[int, str]) -> Group:
    above = topics[parent] if parent >= 0 else None
    prices = tuple(_price(topic, above) for topic in family)
    called = {word for topic in family for word in text_terms(nouns.get(topic.place, ""))}
    kinds = frozenset(called | _counted(above, len(family)) | _shared_nouns(family))
    heading = text_terms(above.title) if above else []
    return Group(parent, tuple(topic.place for topic in family), kinds, kinds.union(heading), prices)


def _counted(topic: Topic | None, size: int) -> set[str]:
    """The nouns that the number of members stands before: 'tier' of 'three tiers'."""
    numbers = {str(size), *_NUMBER_WORDS[size : size + 1]}
    said = [words(sentence) for sentence in topic.sentences] if topic else []
    counted = {noun for found in said for number, noun in pairwise(found) if number in numbers}
    return {stem(noun) for noun in counted - STOP_WORDS}


def _shared_nouns(family: list[Topic]) -> set[str]:
    """Words that several titles share, or that follow the name in several: 'tier' of 'the Growth tier'."""
    found: Counter[str] = Counter()
    for topic in family:
        # In a table's row the word after the name is the next column's.
        said = [words(text) for text in (topic.title, *(topic.sentences if topic.is_section else ()))]
        after = {stem(noun) for line in said for name, noun in pairwise(line) if stem(name) in topic.names}
        found.update((after - topic.names) | stems(topic.title))
    return {word for word, count in found.items() if count > 1 and word not in STOP_WORDS}


def _price(topic: Topic, parent: Topic | None) -> float | None:
    """The first amount that is said of `topic`: by itself, else by its parent after the topic's name."""
    own = _amounts(" ".join(topic.sentences))
    if own:
        return own[0]
    for sentence in parent.sentences if parent else ():
        start = _after_name(topic, sentence)
        amounts = _amounts(sentence[start:]) if start else []
        if amounts:
            return amounts[0]
    return 0.0 if "free" in stems(" ".join(topic.sentences)) else None


def _after_name(topic: Topic, sentence: str) -> int:
    ends = [
        match.end() for match in re.finditer(r"\w+", sentence) if stem(match[0].casefold()) in topic.names
    ]
    return ends[0] if ends and mentions(topic, stems(sentence)) else 0


def _amounts(text: str) -> list[float]:
    found = ((before or after).rstrip(".,") for before, after in AMOUNT.findall(text))
    return [float(_GROUPED.sub("", amount).replace(",", ".")) for amount in found if amount]
