"""The language of a text, as far as everyday words tell it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.terms import words
from knowledge.vocabulary import STOP_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable


def language_of(texts: Iterable[str]) -> str | None:
    """The language of `texts` by their everyday words: `en`, `de` or `ar`, or None if they do not tell."""
    spoken = [word for text in texts for word in words(text)]
    counts = {language: sum(map(known.__contains__, spoken)) for language, known in STOP_WORDS.items()}
    best, second = sorted(counts, key=lambda language: -counts[language])[:2]
    return best if counts[best] > counts[second] else None
