"""Prompts for the stand-in, and ways to send them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from openai import AsyncOpenAI
    from openai.types.chat import ChatCompletion, ChatCompletionChunk, ChatCompletionMessageParam

    from local.standin import RecordedRequest

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
UNICODE = "Grüße, 東京! One two three."


class RecordedSleep:
    """Returns immediately and records the seconds it was asked for."""

    def __init__(self) -> None:
        self.asked: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.asked.append(seconds)


def messages(*texts: str, system: str = KNOWLEDGE) -> list[ChatCompletionMessageParam]:
    """The system message, then `texts`, alternately from the user and the assistant."""
    roles = ("user", "assistant")
    conversation = [{"role": roles[i % 2], "content": text} for i, text in enumerate(texts)]
    prompt: Any = [{"role": "system", "content": system}, *conversation]
    return prompt  # type: ignore[no-any-return]


async def ask(client: AsyncOpenAI, *texts: str, **options: Any) -> ChatCompletion:
    prompt = messages(*(texts or ("What's your pricing?",)))
    completion: ChatCompletion = await client.chat.completions.create(model="m", messages=prompt, **options)
    return completion


async def answer(client: AsyncOpenAI, *texts: str) -> str | None:
    return (await ask(client, *texts)).choices[0].message.content


async def stream(client: AsyncOpenAI, *texts: str, **options: Any) -> AsyncIterator[ChatCompletionChunk]:
    prompt = messages(*(texts or ("What's your pricing?",)))
    async with await client.chat.completions.create(
        model="m", messages=prompt, stream=True, **options
    ) as chunks:
        async for chunk in chunks:
            yield chunk


async def stream_into(chunks: list[ChatCompletionChunk], client: AsyncOpenAI) -> None:
    """Stream into `chunks`, which keeps what came before an error."""
    async for chunk in stream(client):
        chunks.append(chunk)  # noqa: PERF401 - a comprehension would lose everything at an error


def content(chunk: ChatCompletionChunk) -> str:
    return (chunk.choices[0].delta.content or "") if chunk.choices else ""


async def outcome(request: RecordedRequest) -> str:
    return await asyncio.to_thread(request.wait_until_over)
