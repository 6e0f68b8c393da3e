"""Knowledge of 10,000 passages in D1: how long a search takes, and what prompts then contain."""

from __future__ import annotations

import asyncio
import random
import time
from itertools import islice
from statistics import median
from typing import TYPE_CHECKING

from bench.figures import Figure
from clock import SystemClock
from knowledge.query import Synonyms
from knowledge.retrieval import SearchedKnowledge
from local.data_file import open_database
from local.knowledge_plan import push
from local.knowledge_targets import DatabaseTarget
from local.standin import tokens
from prompt import system_prompt
from stores.fake_d1 import FakeD1

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

SIZES = (1_000, 10_000)
PASSAGES_PER_DOCUMENT = 20
QUESTIONS = 40
_SYLLABLES = [consonant + vowel for consonant in "bcdfglmnprst" for vowel in "aeiou"]


def run() -> Iterator[Figure]:
    """The time of a search, its queries, the tokens of a prompt, and the part of it that never changes."""
    for size in SIZES:
        database = open_database(None)
        push(documents(size), DatabaseTarget(database))
        d1 = FakeD1(database, SystemClock())
        times, prompts = asyncio.run(_ask(SearchedKnowledge(d1, Synonyms(), timeout=60)))
        unchanging = len(tokens(system_prompt(SearchedKnowledge.text)))
        yield Figure(f"knowledge.search_{size}_ms", median(times), "ms")
        yield Figure(f"knowledge.search_{size}_queries", d1.calls["all"] / QUESTIONS, "per question")
        yield Figure(f"knowledge.prompt_{size}_tokens", unchanging + median(prompts), "tokens")
        yield Figure(
            f"knowledge.prompt_{size}_cached", unchanging / (unchanging + median(prompts)), "of the prompt"
        )


def documents(passages: int) -> Mapping[str, str]:
    """Made-up documents with this many passages, whose words are as frequent as those of a language."""
    words = _Words(random.Random(1))  # noqa: S311 - reproducible, and nothing secret
    return {f"{number:05}.md": _document(words) for number in range(passages // PASSAGES_PER_DOCUMENT)}


async def _ask(knowledge: SearchedKnowledge) -> tuple[list[float], list[int]]:
    words = _Words(random.Random(2))  # noqa: S311 - as above
    times, sizes = [], []
    for _ in range(QUESTIONS):
        question = f"How much does the {' '.join(words.take(4))} cost, and when are you open?"
        started = time.perf_counter()
        sent = await knowledge.find(question, [])
        times.append(1000 * (time.perf_counter() - started))
        sizes.append(len(tokens(sent.text)))
    return times, sizes


class _Words:
    """8,000 words, of which the n-th is about as frequent as in a language: Zipf's law."""

    def __init__(self, chance: random.Random) -> None:
        spelling = random.Random(0)  # noqa: S311 - as above
        made = ("".join(spelling.choices(_SYLLABLES, k=spelling.randint(2, 4))) for _ in range(12_000))
        self._words = list(islice(dict.fromkeys(made), 8_000))
        self._weights = [1 / (rank + 5) for rank in range(len(self._words))]
        self._chance = chance

    def take(self, count: int) -> Sequence[str]:
        return self._chance.choices(self._words, self._weights, k=count)


def _document(words: _Words) -> str:
    sections = (f"## {' '.join(words.take(4))}\n\n{_paragraph(words)}" for _ in range(PASSAGES_PER_DOCUMENT))
    return f"# {' '.join(words.take(3))}\n\n" + "\n\n".join(sections)


def _paragraph(words: _Words) -> str:
    return " ".join(f"{' '.join(words.take(12))} costs {len(words.take(3))} dollars." for _ in range(5))
