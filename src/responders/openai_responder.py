"""Answers by chat completions from OpenAI, or any server that speaks its protocol."""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import httpx2
from openai import APIStatusError
from pydantic_core import to_json

from responders.openai_completion import Completion, EventReader
from responders.openai_errors import OPENAI_ERRORS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from prompt import Prompt
    from responders.openai_connection import OpenAIConnection
    from responders.responder import Reply

Body: TypeAlias = "dict[str, Any]"

# Fields that compatible servers may reject, and what each is called in the older protocol, if anything.
NEWER_FIELDS: Mapping[str, str | None] = {
    "max_completion_tokens": "max_tokens",
    "reasoning_effort": None,
    "safety_identifier": None,
    "stream_options": None,
}
# Added to a body to ask for a stream, with the tokens used at its end.
STREAMED: Mapping[str, Any] = {"stream": True, "stream_options": {"include_usage": True}}
# How servers say that a field is unknown.
BAD_REQUEST, UNPROCESSABLE = 400, 422

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


class RequestBuilder:
    """Builds request bodies for one model. `reasoning_effort` "default" leaves the effort to the model."""

    def __init__(self, model: str, max_output_tokens: int, reasoning_effort: str) -> None:
        self.model = model
        self._options: Body = {"model": model, "max_completion_tokens": max_output_tokens}
        if reasoning_effort != "default":
            self._options["reasoning_effort"] = reasoning_effort

    def body(self, prompt: Prompt) -> Body:
        """The body that asks for a whole answer to `prompt`."""
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


class FieldFallback:
    """Sends chat requests without the newer fields that the server has been found to reject."""

    def __init__(self, connection: OpenAIConnection) -> None:
        self._connection = connection
        self._rejected: frozenset[str] = frozenset()

    async def send(self, body: Body) -> httpx2.Response:
        """The response to `body`, sent again without each newer field that the server rejects.

        Rejected fields are remembered once a request without them has succeeded. The caller closes the
        response. Raises one of `OPENAI_ERRORS`.
        """
        connection = self._connection
        rejected = self._rejected
        while True:
            sent = _without(body, rejected) if rejected else body
            try:
                response = await connection.with_retries(partial(connection.post_chat, to_json(sent)))
            except APIStatusError as error:
                named = _rejected_fields(error) & sent.keys()
                if not named:
                    raise
                rejected |= named
            else:
                self._rejected |= rejected
                return response


def _without(body: Body, rejected: frozenset[str]) -> Body:
    """`body` without the `rejected` fields, or with their older names."""
    sent = {name: value for name, value in body.items() if name not in rejected}
    for name in rejected & body.keys():
        if older := NEWER_FIELDS[name]:
            sent[older] = body[name]
    return sent


def _rejected_fields(error: APIStatusError) -> set[str]:
    """The newer fields that `error` is about: the one in `param` if present, else those in its message."""
    if error.status_code not in {BAD_REQUEST, UNPROCESSABLE}:
        return set()
    if error.param:
        return {error.param.partition(".")[0]} & NEWER_FIELDS.keys()
    return {name for name in NEWER_FIELDS if name in error.message}


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
                # A connection can be reused only after its last response was read to the end.
                with suppress(TimeoutError, httpx2.RequestError):
                    async with asyncio.timeout(CLOSING_TIMEOUT):
                        async for _ in chunks:
                            pass
                return
