"""What the tests of the stand-in share: what is sent, and ways to ask."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from openai import AsyncOpenAI
    from openai.types.chat import ChatCompletion, ChatCompletionChunk, ChatCompletionMessageParam

    from local.standin.record import RecordedRequest

KNOWLEDGE = """\
You are kind to everyone.

# Lighthouse

We rent out telescopes.

## Pricing

We have three tiers: Spark for 3 dollars, Beam for 9 dollars and Sun for 27 dollars.

### Spark

Spark is for one person and costs 3 dollars.

### Beam

Beam is for a family and costs 9 dollars. It comes with a tripod.

### Sun

Sun is for a school and costs 27 dollars.

## Opening hours

We are open on Mondays.
"""
QUESTION = {"model": "m", "messages": [{"role": "user", "content": "Hello?"}]}
KEY = {"Authorization": "Bearer sk-secret"}
SAID = "Grüße, 東京! One two three."


class RecordedSleep:
    """Returns at once and keeps how long it was asked to wait."""

    def __init__(self) -> None:
        """Begin with nothing asked."""
        self.asked: list[float] = []

    async def __call__(self, seconds: float) -> None:
        """Keep `seconds`."""
        self.asked.append(seconds)


def messages(*texts: str, system: str = KNOWLEDGE) -> list[ChatCompletionMessageParam]:
    """The system message, then `texts` by turns from the user and the assistant."""
    roles = ("user", "assistant")
    conversation = [{"role": roles[i % 2], "content": text} for i, text in enumerate(texts)]
    whole: Any = [{"role": "system", "content": system}, *conversation]
    return whole  # type: ignore[no-any-return]


async def ask(client: AsyncOpenAI, *texts: str, **options: Any) -> ChatCompletion:
    asked = messages(*(texts or ("What's your pricing?",)))
    answered: ChatCompletion = await client.chat.completions.create(model="m", messages=asked, **options)
    return answered


async def stream(client: AsyncOpenAI, *texts: str, **options: Any) -> AsyncIterator[ChatCompletionChunk]:
    asked = messages(*(texts or ("What's your pricing?",)))
    async with await client.chat.completions.create(
        model="m", messages=asked, stream=True, **options
    ) as chunks:
        async for chunk in chunks:
            yield chunk


def said(chunk: ChatCompletionChunk) -> str:
    return (chunk.choices[0].delta.content or "") if chunk.choices else ""


async def listen(client: AsyncOpenAI, heard: list[ChatCompletionChunk]) -> None:
    """Stream into `heard`, which keeps what came before an error."""
    async for chunk in stream(client):
        heard.append(chunk)  # noqa: PERF401 - a comprehension would lose all of it at an error


async def over(request: RecordedRequest) -> str:
    return await asyncio.to_thread(request.wait_until_over)
