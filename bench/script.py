"""A conversation of any length, the same in every benchmark.

Its texts have the sizes in the original design's table: 550 tokens for the first question with instructions
and knowledge, and at most 120 for a question with its answer, counted with the stand-in's tokenizer.
"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import cycle, islice
from typing import TYPE_CHECKING

from knowledge.passages import render, split
from local.standin import tokens
from local.standin.chat_request import OVERHEAD_TOKENS
from prompt import system_prompt, time_section

if TYPE_CHECKING:
    from collections.abc import Mapping

FIRST_PROMPT = 550
_ANY_TIME = datetime(2026, 11, 29, 14, 5, tzinfo=UTC)
EXCHANGE = 120

_TOPICS = (
    "the three tiers and what each of them costs a month",
    "the middle tier and how many people may use it",
    "paying by the year instead of by the month",
    "moving from another provider without losing any data",
    "the hours at which somebody answers the phone",
    "where the data lies and who may look at it",
)
_ABOUT = (
    "We look after the calendars of small firms, so that customers book by themselves. Starter costs 19 "
    "dollars a month, Growth 49 and Scale 99. "
)


def questions(count: int) -> list[str]:
    """Return the first `count` questions."""
    asked = (f"Could you please tell me more about {topic}?" for topic in cycle(_TOPICS))
    return list(islice(asked, count))


def answers(count: int) -> list[str]:
    """Return the answers to the first `count` questions, each of which fills up its exchange."""
    told = "Gladly. Here is what I know about that, in short, so that it can be heard and remembered. "
    left = EXCHANGE - 2 * OVERHEAD_TOKENS
    return [_cut(told + _ABOUT * 8, left - len(tokens(asked))) for asked in questions(count)]


def documents() -> Mapping[str, str]:
    """Return knowledge that fills up the first prompt."""
    frame = system_prompt(render(split({"about.md": "# About us\n\n-"}))) + time_section(_ANY_TIME)
    left = FIRST_PROMPT - 3 * OVERHEAD_TOKENS - len(tokens(frame)) - len(tokens(questions(1)[0]))
    return {"about.md": f"# About us\n\n{_cut(_ABOUT * 40, left)}\n"}


def _cut(text: str, count: int) -> str:
    return "".join(tokens(text)[:count]).strip()
