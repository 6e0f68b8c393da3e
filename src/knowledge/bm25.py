"""The ranking of passages by BM25, as SQLite's FTS5 computes it in D1, for knowledge that is in memory."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from knowledge.terms import facts, terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from knowledge.passages import Passage

# FTS5's own: sqlite.org/fts5.html#the_bm25_function.
K1, B, MIN_IDF = 1.2, 0.75, 1e-6
# What a term counts in a passage's own heading, in the headings above it and the title, and in its text.
HEADING, ABOVE, TEXT = 3.0, 1.0, 1.0


def columns(passage: Passage) -> tuple[list[str], list[str], list[str]]:
    """The terms of a passage's own heading, of what is above it, and of its text with the facts in it."""
    above = dict.fromkeys((passage.title, *passage.path[:-1]))
    above.pop(passage.path[-1], None)
    return terms(passage.path[-1]), terms(" ".join(above)), terms(passage.text) + facts(passage.text)


class Index:
    """An index of `passages`, which are numbered in order."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self._found: dict[str, dict[int, float]] = {}
        self._lengths: list[int] = []
        for number, passage in enumerate(passages):
            found = columns(passage)
            self._lengths.append(sum(map(len, found)))
            for column, weight in zip(found, (HEADING, ABOVE, TEXT), strict=True):
                for term, count in Counter(column).items():
                    places = self._found.setdefault(term, {})
                    places[number] = places.get(number, 0) + count * weight
        self._average = sum(self._lengths) / len(self._lengths)

    def search(self, weights: Mapping[str, float]) -> list[tuple[float, int]]:
        """The score and number of each passage with any of the terms in `weights`, the best first."""
        scores: dict[int, float] = {}
        for term, weight in weights.items():
            places = self._found.get(term, {})
            for number, count in places.items():
                length = K1 * (1 - B + B * self._lengths[number] / self._average)
                score = weight * self.idf(len(places)) * count * (K1 + 1) / (count + length)
                scores[number] = scores.get(number, 0) + score
        return sorted(
            ((score, number) for number, score in scores.items()), key=lambda one: (-one[0], one[1])
        )

    def idf(self, passages: int) -> float:
        """How rare a term is that is in this many passages."""
        return max(MIN_IDF, math.log(1 + (len(self._lengths) - passages + 0.5) / (passages + 0.5)))

    def rarity(self, term: str) -> float:
        """How much a term tells, from 0 to about 1: 1 if it is in no passage."""
        total = len(self._lengths)
        return math.log(1 + total / (0.5 + len(self._found.get(term, ())))) / math.log(1 + total / 0.5)

    def knows(self, term: str) -> bool:
        """Whether any passage has `term`."""
        return term in self._found
