"""Which texts a question is about: BM25 with weighted fields and related words, over a few hundred texts."""

from __future__ import annotations

import math
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from responders.offline.terms import RELATED, text_terms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# BM25's usual constants (Robertson and Zaragoza, 2009): how soon a repeated word stops to count, and how
# much a long text is discounted; a little less than the usual 0.75, since these texts are all short.
_SATURATION = 1.2
_LENGTH = 0.5
# A related word ('fee' for 'price') counts for this much of the word itself.
_RELATED_WEIGHT = 0.6
# A word that is in no text: it shows that a question may be about something else, or is just another word.
_UNKNOWN_WEIGHT = 0.8


class Index:
    """Texts to rank against questions. Built once; a question walks over it without changing it."""

    def __init__(self, texts: Sequence[Sequence[tuple[str, float]]]) -> None:
        """Take each text as fields: a string and how much its words count (a heading more than prose)."""
        self._counts = [_count(fields) for fields in texts]
        self._lengths = [sum(counts.values()) for counts in self._counts]
        self._mean = sum(self._lengths) / max(1, len(texts)) or 1.0
        self._frequency = Counter(term for counts in self._counts for term in counts)

    def rarity(self, term: str) -> float:
        """The inverse document frequency of `term`; a term in no text is as rare as can be."""
        have = self._frequency[term]
        return math.log(1 + (len(self._counts) - have + 0.5) / (have + 0.5))

    def knows(self, term: str) -> bool:
        """Whether `term`, or a word related to it, is in any text."""
        return any(alternative in self._frequency for alternative in _alternatives(term))

    def scores(self, query: Mapping[str, float]) -> list[float]:
        """How well each text fits `query` (a weight for each term); 0 where it holds none of it."""
        wanted = [(weight, self._weighed(term)) for term, weight in query.items()]
        return [
            sum(weight * self._best(place, alternatives) for weight, alternatives in wanted)
            for place in range(len(self._counts))
        ]

    def coverage(self, place: int, query: Mapping[str, float]) -> float:
        """The share of `query`, by rarity, that the text at `place` holds: from 0 to 1."""
        return self.share(self._counts[place], query)

    def share(self, held: Mapping[str, float] | frozenset[str], query: Mapping[str, float]) -> float:
        """The share of `query`, by rarity, that is among the terms `held`: from 0 to 1."""
        total = found = 0.0
        for term, weight in query.items():
            alternatives = _alternatives(term)
            importance = weight * self._importance(term, alternatives)
            total += importance
            held_best = max((value for word, value in alternatives.items() if word in held), default=0.0)
            found += importance * held_best
        return found / total if total else 0.0

    def _importance(self, term: str, alternatives: Mapping[str, float]) -> float:
        """The rarity of `term` here; of the rarest word that stands for it where only such words are here."""
        if term in self._frequency:
            return self.rarity(term)
        known = (self.rarity(word) for word in alternatives if word in self._frequency)
        return max(known, default=_UNKNOWN_WEIGHT * self.rarity(term))

    def _weighed(self, term: str) -> list[tuple[str, float]]:
        alternatives = _alternatives(term)
        importance = self._importance(term, alternatives)
        return [(word, value * importance) for word, value in alternatives.items() if word in self._frequency]

    def _best(self, place: int, alternatives: list[tuple[str, float]]) -> float:
        counts = self._counts[place]
        discount = _SATURATION * (1 - _LENGTH + _LENGTH * self._lengths[place] / self._mean)
        return max(
            (
                value * count * (_SATURATION + 1) / (count + discount)
                for word, value in alternatives
                if (count := counts.get(word, 0.0))
            ),
            default=0.0,
        )


@lru_cache(maxsize=1024)
def _alternatives(term: str) -> Mapping[str, float]:
    """What counts as `term`: itself, and related words for a part."""
    return dict.fromkeys(RELATED.get(term, ()), _RELATED_WEIGHT) | {term: 1.0}


def _count(fields: Sequence[tuple[str, float]]) -> dict[str, float]:
    counts: dict[str, float] = {}
    for text, weight in fields:
        for term in text_terms(text):
            counts[term] = counts.get(term, 0.0) + weight
    return counts
