"""Ranks texts against a question: BM25 with weighted fields and related words, for a few hundred texts."""

from __future__ import annotations

import math
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from responders.offline.terms import RELATED_TERMS, text_terms

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# BM25's usual constants (Robertson and Zaragoza, 2009): how quickly repetitions of a word stop counting, and
# how much long texts are discounted. The discount is below the usual 0.75, because these texts are all short.
_SATURATION = 1.2
_LENGTH_DISCOUNT = 0.5
# The weight of a related word ('fee' for 'price'), where the word itself has 1.
_RELATED_WEIGHT = 0.6
# The weight of a word that is in no text: the question may be about something else, or just be worded so.
_UNKNOWN_WEIGHT = 0.8


class SearchIndex:
    """Texts, identified by their position, to be ranked against questions. Immutable once built.

    A query maps terms to weights.
    """

    def __init__(self, texts: Sequence[Sequence[tuple[str, float]]]) -> None:
        """Index `texts`, each given as fields: a string and the weight of its words."""
        self._counts = [_count(fields) for fields in texts]
        self._lengths = [sum(counts.values()) for counts in self._counts]
        self._mean_length = sum(self._lengths) / max(1, len(texts)) or 1.0
        self._document_frequency = Counter(term for counts in self._counts for term in counts)

    def rarity(self, term: str) -> float:
        """Return the inverse document frequency of `term`, which is highest for a term that is in no text."""
        frequency = self._document_frequency[term]
        return math.log(1 + (len(self._counts) - frequency + 0.5) / (frequency + 0.5))

    def knows(self, term: str) -> bool:
        """Return whether `term`, or a related one, is in any text."""
        return any(alternative in self._document_frequency for alternative in _alternatives(term))

    def scores(self, query: Mapping[str, float]) -> list[float]:
        """Return each text's BM25 score for `query`: 0 for a text that contains none of it."""
        weighted = [(weight, self._weighted_alternatives(term)) for term, weight in query.items()]
        return [
            sum(weight * self._score(text, alternatives) for weight, alternatives in weighted)
            for text in range(len(self._counts))
        ]

    def coverage(self, text: int, query: Mapping[str, float]) -> float:
        """Return the share of `query`, weighted by rarity, that a text contains: 0 to 1."""
        return self.share(self._counts[text], query)

    def share(self, terms: Mapping[str, float] | frozenset[str], query: Mapping[str, float]) -> float:
        """Return the share of `query`, weighted by rarity, that is among `terms`: 0 to 1."""
        total = found = 0.0
        for term, weight in query.items():
            alternatives = _alternatives(term)
            importance = weight * self._importance(term, alternatives)
            total += importance
            found += importance * max(
                (value for word, value in alternatives.items() if word in terms), default=0.0
            )
        return found / total if total else 0.0

    def _importance(self, term: str, alternatives: Mapping[str, float]) -> float:
        """Return the rarity of `term` or, if only related terms are in the texts, that of the rarest."""
        if term in self._document_frequency:
            return self.rarity(term)
        related = (self.rarity(word) for word in alternatives if word in self._document_frequency)
        return max(related, default=_UNKNOWN_WEIGHT * self.rarity(term))

    def _weighted_alternatives(self, term: str) -> list[tuple[str, float]]:
        alternatives = _alternatives(term)
        importance = self._importance(term, alternatives)
        known = ((word, value) for word, value in alternatives.items() if word in self._document_frequency)
        return [(word, value * importance) for word, value in known]

    def _score(self, text: int, alternatives: list[tuple[str, float]]) -> float:
        """Return the score of the best of `alternatives` in a text."""
        counts = self._counts[text]
        length = _LENGTH_DISCOUNT * self._lengths[text] / self._mean_length
        discount = _SATURATION * (1 - _LENGTH_DISCOUNT + length)
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
    """Return the terms that count as `term`, with their weights: itself and its related terms."""
    return dict.fromkeys(RELATED_TERMS.get(term, ()), _RELATED_WEIGHT) | {term: 1.0}


def _count(fields: Sequence[tuple[str, float]]) -> dict[str, float]:
    counts: dict[str, float] = {}
    for text, weight in fields:
        for term in text_terms(text):
            counts[term] = counts.get(term, 0.0) + weight
    return counts
