"""How long the OpenAI responder waits for a stream, on an event loop whose time each test moves forward."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

import httpx2
import pytest

from errors import ResponderTimeout
from prompt import Prompt
from responders.openai_responder import OpenAIResponder
from tests.clocks import run_skipping, skip
from tests.connections import connected

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from responders.responder import Reply

PROMPT = Prompt(system="We sell tea.", history=(), question="What do you sell?", safety_identifier="f" * 64)
# The timeout between two steps of an answer, and for all of it. No step takes so long in real time.
STEP_SECONDS, MAX_SECONDS = 100, 1000
LESS = 0.6 * STEP_SECONDS


def delta(**fields: str) -> bytes:
    return b"data: %s\n\n" % json.dumps({"choices": [{"delta": fields}]}).encode()


END = b'data: {"choices": [{"delta": {}, "finish_reason": "stop"}]}\n\ndata: [DONE]\n\n'


def reply_to(body: Callable[[], AsyncIterator[bytes]], max_seconds: float = MAX_SECONDS) -> Reply:
    """The reply of a responder to whose request the server sends `body` as a stream."""

    async def ask() -> Reply:
        def serve(_: httpx2.Request) -> httpx2.Response:
            return httpx2.Response(200, headers={"content-type": "text/event-stream"}, content=body())

        async with connected(serve, OPENAI_TIMEOUT_SECONDS=str(STEP_SECONDS)) as connection:
            responder = OpenAIResponder(connection, model="m", max_output_tokens=300, max_seconds=max_seconds)
            return await responder.stream(PROMPT, lambda _: None)

    return run_skipping(ask())


def test_stream_that_takes_too_long_is_cut_off() -> None:
    async def body() -> AsyncIterator[bytes]:
        yield delta(content="We sell ")
        skip(MAX_SECONDS)
        await asyncio.Event().wait()

    reply = reply_to(body)
    assert (reply.text, reply.finish_reason) == ("We sell ", "timeout")


def test_stream_that_takes_too_long_to_begin_is_a_timeout() -> None:
    async def body() -> AsyncIterator[bytes]:
        yield delta(role="assistant")
        skip(MAX_SECONDS)
        await asyncio.Event().wait()

    with pytest.raises(ResponderTimeout):
        reply_to(body)


@pytest.mark.parametrize("sign_of_life", [b": keep-alive\n\n", delta(role="assistant"), delta(content="")])
def test_signs_of_life_are_not_an_answer(sign_of_life: bytes) -> None:
    async def body() -> AsyncIterator[bytes]:
        yield delta(content="We sell ")
        for _ in range(3):
            skip(LESS)
            yield sign_of_life
        await asyncio.Event().wait()

    with pytest.raises(ResponderTimeout):
        reply_to(body)


def test_reasoning_keeps_a_stream_alive() -> None:
    async def body() -> AsyncIterator[bytes]:
        for _ in range(5):
            skip(LESS)
            yield delta(reasoning_content="Hm. ")
        yield delta(content="Tea.")
        yield END

    assert reply_to(body).text == "Tea."
