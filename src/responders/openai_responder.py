"""Answers by chat completions from OpenAI, or any server that speaks its protocol."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from functools import partial
from typing import TYPE_CHECKING

import httpx2
from openai import APIStatusError

from responders.openai_completion import Completion, EventReader
from responders.openai_errors import OPENAI_ERRORS
from responders.openai_fields import FieldFallback

if TYPE_CHECKING:
    from collections.abc import Callable

    from prompt import Prompt
    from responders.openai_connection import Body, OpenAIConnection
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
        self._model = model
        self._options: Body = {"model": model, "max_completion_tokens": max_output_tokens}
        if reasoning_effort != "default":
            self._options["reasoning_effort"] = reasoning_effort
        self._fallback = FieldFallback(connection)

    async def answer(self, prompt: Prompt) -> Reply:
        """The answer to `prompt`, requested as a whole. Raises `ResponderError`."""
        try:
            async with aclosing(await self._send(self._body(prompt))) as response:
                completion = Completion(self._model)
                completion.add(await response.aread())
        except OPENAI_ERRORS as error:
            raise self._connection.responder_error(error) from error
        return completion.reply()

    async def stream(self, prompt: Prompt, write: Callable[[str], None]) -> Reply:
        """The answer to `prompt`; `write` is called with each piece of its text as it arrives.

        Pieces that arrive together are written as one. Raises `ResponderError`.
        """
        body = {**self._body(prompt), "stream": True, "stream_options": {"include_usage": True}}
        try:
            async with aclosing(await self._send(body)) as response:
                completion = Completion(self._model)
                if response.headers.get("content-type", "").startswith(JSON):
                    # A server that cannot stream has sent the whole answer.
                    write(completion.add(await response.aread()))
                else:
                    await _read_events(response, completion, write)
        except OPENAI_ERRORS as error:
            raise self._connection.responder_error(error) from error
        return completion.reply()

    def _body(self, prompt: Prompt) -> Body:
        history = [{"role": message.role, "content": message.content} for message in prompt.history]
        return {
            **self._options,
            "messages": [
                {"role": "system", "content": prompt.system},
                *history,
                {"role": "user", "content": prompt.question},
            ],
            "safety_identifier": prompt.safety_identifier,
        }

    async def _send(self, body: Body) -> httpx2.Response:
        """The open response to `body`, in older fields if the server rejects the newer ones."""
        if self._fallback.rejected:
            return await self._fallback.send(body)
        try:
            return await self._connection.with_retries(partial(self._connection.post_chat, body))
        except APIStatusError as error:
            return await self._fallback.send(body, error)


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
                break
        # A connection can be reused only after its last response was read to the end.
        with suppress(TimeoutError, httpx2.RequestError):
            async with asyncio.timeout(CLOSING_TIMEOUT):
                async for _ in chunks:
                    pass
