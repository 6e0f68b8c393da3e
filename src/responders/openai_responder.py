"""Answers by chat completions from OpenAI, or any server that speaks its protocol."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING

import httpx2

from responders.openai_completion import Completion
from responders.openai_errors import OPENAI_ERRORS
from responders.openai_request import STREAMED, FieldFallback, RequestBuilder
from responders.server_sent_events import EventReader

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from prompt import Prompt
    from responders.openai_connection import OpenAIConnection
    from responders.responder import Reply

JSON = "application/json"
DONE = b"[DONE]"
# How long to wait, in seconds, for the end of a response whose last event has arrived.
CLOSING_TIMEOUT = 0.1


class OpenAIResponder:
    """Answers by chat completions. A refusal is an answer like any other."""

    name = "openai"

    def __init__(
        self,
        connection: OpenAIConnection,
        *,
        model: str,
        max_output_tokens: int,
        reasoning_effort: str = "default",
    ) -> None:
        """`reasoning_effort` is passed on to the server; "default" leaves it to the model."""
        self._connection = connection
        self._requests = RequestBuilder(model, max_output_tokens, reasoning_effort)
        self._fallback = FieldFallback(connection)

    async def answer(self, prompt: Prompt) -> Reply:
        """The answer to `prompt`, requested as a whole. Raises `ResponderError`."""
        try:
            async with aclosing(await self._fallback.send(self._requests.body(prompt))) as response:
                completion = Completion(self._requests.model)
                completion.add(await response.aread())
        except OPENAI_ERRORS as error:
            raise self._connection.responder_error(error) from error
        return completion.reply()

    async def stream(self, prompt: Prompt, write: Callable[[str], None]) -> Reply:
        """The answer to `prompt`; `write` is called with each piece of its text as it arrives.

        Pieces that arrive together are written as one. Raises `ResponderError`.
        """
        body = {**self._requests.body(prompt), **STREAMED}
        try:
            async with aclosing(await self._fallback.send(body)) as response:
                completion = Completion(self._requests.model)
                if response.headers.get("content-type", "").startswith(JSON):
                    # A server that cannot stream has sent the whole answer.
                    write(completion.add(await response.aread()))
                else:
                    await _read_events(response, completion, write)
        except OPENAI_ERRORS as error:
            raise self._connection.responder_error(error) from error
        return completion.reply()


async def _read_events(
    response: httpx2.Response, completion: Completion, write: Callable[[str], None]
) -> None:
    # `aiter_bytes` doubles the cost of a chunk, so only encoded bodies take it.
    body = response.aiter_bytes() if "content-encoding" in response.headers else response.aiter_raw()
    reader = EventReader()
    async with aclosing(body) as chunks:
        async for chunk in chunks:
            events = reader.feed(chunk)
            if text := "".join([completion.add(data) for data in events if data != DONE]):
                write(text)
            if DONE in events:
                await _read_to_end(chunks)
                return


async def _read_to_end(chunks: AsyncIterator[bytes]) -> None:
    """A connection can be reused only after its last response was read to the end."""
    with suppress(TimeoutError, httpx2.RequestError):
        async with asyncio.timeout(CLOSING_TIMEOUT):
            async for _ in chunks:
                pass
