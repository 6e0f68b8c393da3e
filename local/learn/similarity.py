"""How much two texts have in common, by their words."""

from __future__ import annotations

import hashlib
import re

_WORD = re.compile(r"\w+(?:[.,]\d+)*")
_SHINGLE = 3


def words_of(text: str) -> list[str]:
    """The words and numbers of `text`, in lower case."""
    return _WORD.findall(text.lower())


def digest(text: str) -> str:
    """A hash of `text`, in 16 hexadecimal digits; equal if only spaces, case or punctuation differ."""
    return hashlib.sha256(" ".join(words_of(text)).encode()).hexdigest()[:16]


def resemblance(one: str, other: str) -> float:
    """The share of three-word sequences that both texts have, from 0 to 1 (Broder's resemblance)."""
    first, second = _shingles(one), _shingles(other)
    return len(first & second) / len(first | second) if first | second else 1.0


def statements_of(text: str) -> set[str]:
    """The paragraphs, list items and table rows of `text`, by their words."""
    return {" ".join(words) for line in text.splitlines() if (words := words_of(line))}


def _shingles(text: str) -> set[tuple[str, ...]]:
    words = words_of(text)
    return {tuple(words[index : index + _SHINGLE]) for index in range(max(1, len(words) - _SHINGLE + 1))}
