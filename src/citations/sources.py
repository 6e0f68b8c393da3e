"""The sources of an answer: the passages that a model named, or else the one whose words it uses."""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from evidence import Source
from knowledge.plain_text import inline

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from knowledge.passages import Passage

MAX_SOURCES = 3
# A browser looks for the quote as it stands; the longer it is, the likelier a mark or a link is in between.
MAX_QUOTE_WORDS, MIN_QUOTE_WORDS = 8, 3
# An answer shares at least this many words with its source, and this share of the weight of its own words.
# (Of the answers of the sample questions, the share with the passage they are from is 0.6 to 1.)
MIN_SHARED_WORDS, MIN_SHARE = 4, 0.5

# Shorter words say little about the subject, but numbers do.
_WORD = re.compile(r"[^\W\d_]{4,}|\d+")
# Text on a page ends at a line, a cell and a sentence.
_SEGMENT = re.compile(r"[\n|]+|(?<=[.!?])\s+")
_LINE_START = re.compile(r"^(?:[#>*+-]+|\d{1,3}[.)])\s+")


def cited(ids: Iterable[str], passages: Mapping[str, Passage], answer: str) -> tuple[Source, ...]:
    """The sources with these ids, one for each document."""
    found: dict[tuple[str | None, str], Source] = {}
    for one in ids:
        passage = passages[one]
        found.setdefault((passage.url, passage.title), source_of(passage, answer))
    return tuple(found.values())[:MAX_SOURCES]


def overlapping(answer: str, passages: Mapping[str, Passage]) -> tuple[Source, ...]:
    """The passage that has most of the words of `answer`; none if no passage has enough of them."""
    said = _words(answer)
    if len(said) < MIN_SHARED_WORDS or not passages:
        return ()
    shared = {one.id: said & _words(one.text) for one in passages.values()}
    counts = Counter(word for words in shared.values() for word in words)
    weights = {word: math.log(1 + len(passages) / counts[word]) if counts[word] else 0 for word in said}
    unknown = math.log(1 + len(passages))  # weighs as much as a word that a single passage has
    total = sum(weights[word] or unknown for word in said)
    best = max(shared, key=lambda one: sum(weights[word] for word in shared[one]))
    share = sum(weights[word] for word in shared[best]) / total
    if len(shared[best]) < MIN_SHARED_WORDS or share < MIN_SHARE:
        return ()
    return (source_of(passages[best], answer),)


def source_of(passage: Passage, answer: str) -> Source:
    """The document of `passage`, with the words there that are closest to `answer`."""
    if passage.url is None:
        return Source(passage.title)
    said = _words(answer)
    quote = max(_quotes(passage), key=lambda one: len(said & _words(one)), default="")
    return Source(passage.title, passage.url, quote)


def _quotes(passage: Passage) -> Iterator[str]:
    """Beginnings of the sentences and cells of `passage`, and its heading."""
    for segment in _SEGMENT.split(passage.text):
        words = inline(_LINE_START.sub("", segment.strip())).split()
        if len(words) >= MIN_QUOTE_WORDS:
            yield " ".join(words[:MAX_QUOTE_WORDS])
    yield passage.path[-1]


@lru_cache(maxsize=2048)
def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))
