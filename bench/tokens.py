"""Tokens that each of thirty exchanges sends, beside the seed's table, and the part of each that is not new.

Counted by the stand-in, from what it was sent. The seed's table goes on from its last row.
"""

from __future__ import annotations

import asyncio
from itertools import pairwise, takewhile
from statistics import mean
from typing import TYPE_CHECKING

import httpx2

from bench import script
from bench.figures import Figure
from bench.local_agent import agent_for
from conversation import Question
from local.standin import running_standin, tokens
from session_id import generate_session_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

EXCHANGES = 30
# 'Token Usage Comparison', phase 2: 150 more with each exchange up to 1,150.
SEED_FIRST, SEED_STEP, SEED_MOST = 550, 150, 1150
# With so many exchanges a conversation has its full length: ten messages before the question.
FULL = 6


def run() -> Iterator[Figure]:
    """Sent tokens and the seed's for each exchange; the share of each prompt that the one before had too."""
    prompts = _sent()
    counts = [count(prompt) for prompt in prompts]
    for number, sent in enumerate(counts, 1):
        yield Figure(f"tokens.exchange_{number}", sent, "tokens")
        yield Figure(f"tokens.seed_{number}", seed(number), "tokens")
    shares = [shared(old, new) for old, new in pairwise(prompts)]
    for number, share in enumerate(shares, 2):
        yield Figure(f"tokens.shared_prefix_share_{number}", share, "of the prompt")
    yield Figure("tokens.shared_prefix_share", mean(shares), "of the prompt")
    yield Figure("tokens.flat_from", flat_from(counts), "exchange")


def seed(number: int) -> int:
    """The seed's tokens for exchange `number`."""
    return min(SEED_FIRST + SEED_STEP * (number - 1), SEED_MOST)


def count(prompt: Sequence[tuple[str, str]]) -> int:
    """Tokens of a prompt: its messages with their frames, and the frame of the reply."""
    return sum(script.FRAME + len(tokens(content)) for _, content in prompt) + script.FRAME


def shared(old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]) -> float:
    """The share of `new` that stands at the beginning of `old` too: what a provider has in its cache."""
    texts = ["\n".join(f"{role}\n{content}" for role, content in prompt) for prompt in (old, new)]
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(*texts, strict=False)))
    return len(tokens(texts[1][:same])) / len(tokens(texts[1]))


def flat_from(counts: Sequence[int]) -> int:
    """The first exchange from which on all send alike, but for the length of what was asked and answered."""
    most = max(counts)
    slack = 0.05
    return next(number for number, sent in enumerate(counts, 1) if sent >= most * (1 - slack))


def _sent() -> list[list[tuple[str, str]]]:
    with running_standin() as standin:
        standin.reply_with(*script.answers(EXCHANGES))
        asyncio.run(_talk(standin.base_url))
        bodies = [request.body for request in standin.requests]
    return [[(message["role"], message["content"]) for message in body["messages"]] for body in bodies]


async def _talk(base_url: str) -> None:
    session_id = generate_session_id()
    async with httpx2.AsyncHTTPTransport() as transport:
        agent = agent_for(base_url, script.documents(), transport)
        for question in script.questions(EXCHANGES):
            await agent.conversation.answer(Question(session_id, question))
