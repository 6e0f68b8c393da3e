"""One conversation, as long as any figure needs it, the same for everybody who has it.

Its texts have the sizes of the table in the seed: 550 tokens for the first question with instructions and
knowledge, and no more than 120 for a question with its answer, counted as the stand-in counts.
"""

from __future__ import annotations

from itertools import cycle, islice
from typing import TYPE_CHECKING

from local.standin import tokens
from prompt import INSTRUCTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

# What a message and a reply cost beside their texts; OpenAI's cookbook on counting tokens.
FRAME = 3
FIRST_PROMPT = 550
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
    """The first `count` questions."""
    asked = (f"Could you please tell me more about {topic}?" for topic in cycle(_TOPICS))
    return list(islice(asked, count))


def answers(count: int) -> list[str]:
    """Their answers, each as long as an exchange may be with its question."""
    told = "Gladly. Here is what I know about that, in short, so that it can be heard and remembered. "
    return [_cut(told + _ABOUT * 8, EXCHANGE - 2 * FRAME - len(tokens(asked))) for asked in questions(count)]


def documents() -> Mapping[str, str]:
    """Knowledge that fills the first prompt."""
    frame = f"{INSTRUCTIONS}\n\n# Knowledge\n\n## About us\n\n\n"
    left = FIRST_PROMPT - 3 * FRAME - len(tokens(frame)) - len(tokens(questions(1)[0]))
    return {"about.md": f"# About us\n\n{_cut(_ABOUT * 40, left)}\n"}


def _cut(text: str, most: int) -> str:
    return "".join(tokens(text)[:most]).strip()
