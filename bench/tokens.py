"""The tokens that each of thirty exchanges sends, compared with the original design's table (`seed`).

Counted with the stand-in's tokenizer from the requests it received. Also the share of each prompt that is a
prefix of the previous one, which a provider can cache.
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
from local.standin.chat_request import ChatRequest
from session_id import generate_session_id

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from local.standin.chat_request import Message

EXCHANGES = 30
# The design's 'Token Usage Comparison', phase 2: 150 more with each exchange, up to 1,150.
SEED_FIRST, SEED_STEP, SEED_MAX = 550, 150, 1150
# From this exchange on, a conversation has its full length: ten messages before the question.
FULL = 6


def run() -> Iterator[Figure]:
    """Count the tokens of each exchange and the shared prefixes."""
    prompts = _sent()
    counts = [prompt.prompt_tokens for prompt in prompts]
    for number, sent in enumerate(counts, 1):
        yield Figure(f"tokens.exchange_{number}", sent, "tokens")
        yield Figure(f"tokens.seed_{number}", seed(number), "tokens")
    shares = [shared(old.messages, new.messages) for old, new in pairwise(prompts)]
    for number, share in enumerate(shares, 2):
        yield Figure(f"tokens.shared_prefix_share_{number}", share, "of the prompt")
    yield Figure("tokens.shared_prefix_share", mean(shares), "of the prompt")
    yield Figure("tokens.flat_from", flat_from(counts), "exchange")


def seed(number: int) -> int:
    """Return the tokens of exchange `number` in the design's table, which stays flat after its last row."""
    return min(SEED_FIRST + SEED_STEP * (number - 1), SEED_MAX)


def shared(old: Sequence[Message], new: Sequence[Message]) -> float:
    """Return the share of `new` that is also a prefix of `old`, and so in a provider's cache."""
    texts = ["\n".join(f"{role}\n{content}" for role, content in messages) for messages in (old, new)]
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(*texts, strict=False)))
    return len(tokens(texts[1][:same])) / len(tokens(texts[1]))


def flat_from(counts: Sequence[int]) -> int:
    """Return the first exchange within 5 % of the largest, after which prompts no longer grow."""
    largest = max(counts)
    return next(number for number, sent in enumerate(counts, 1) if sent >= largest * 0.95)


def _sent() -> list[ChatRequest]:
    with running_standin() as standin:
        standin.reply_with(*script.answers(EXCHANGES))
        asyncio.run(_talk(standin.base_url))
        return [ChatRequest.read(request.body) for request in standin.requests]


async def _talk(base_url: str) -> None:
    session_id = generate_session_id()
    async with httpx2.AsyncHTTPTransport() as transport:
        agent = agent_for(base_url, script.documents(), transport=transport)
        for question in script.questions(EXCHANGES):
            await agent.conversation.answer(Question(session_id, question))
