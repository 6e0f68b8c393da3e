"""Answers by chat completions from OpenAI, or any server that speaks its protocol."""

from __future__ import annotations

import asyncio
import logging
import re
from contextlib import aclosing, suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import httpx2
from openai import APIStatusError

from errors import PromptTooLong, ResponderError
from responders.batched_stream import batching
from responders.openai_completion import Completion, EventReader
from responders.openai_errors import OPENAI, OPENAI_ERRORS
from responders.openai_fields import FieldFallback
from responders.openai_refusals import refusal

if TYPE_CHECKING:
    from collections.abc import Callable

    from prompt import Prompt
    from responders.openai_connection import Body, OpenAIConnection
    from responders.responder import Reply

JSON = "application/json"
# How many bytes an answer may have for each token of MAX_OUTPUT_TOKENS, in case the server ignores that
# limit. Article 1 of the Universal Declaration of Human Rights has 5.2 bytes for each token of o200k_base,
# the tokenizer of OpenAI's models, in English, 3.7 in Chinese and 9.2, the most, in Hindi and Georgian.
BYTES_PER_TOKEN = 16
# How many bytes the whole response may have for each token, and in addition: each chunk of a stream wraps
# about one token in 200 to 600 bytes of JSON, and the first may add a kilobyte or more about the prompt.
BODY_BYTES_PER_TOKEN, MORE_BODY_BYTES = 1024, 65_536
DONE = b"[DONE]"
# How long to wait, in seconds, for the end of a response whose last event has arrived.
CLOSING_TIMEOUT = 0.1

# Models that take breakpoints: gpt-5.6 and later. What OpenAI's others say to them is not documented.
_TAKES_BREAKPOINTS = re.compile(r"gpt-(?:5\.[6-9]|[6-9]|\d\d)")
_BREAKPOINT = {"mode": "explicit"}

logger = logging.getLogger("voice_agent.openai")


class OpenAIResponder:
    """Answers by chat completions. A refusal is an answer like any other."""

    name = "openai"

    def __init__(
        self,
        connection: OpenAIConnection,
        *,
        model: str,
        max_output_tokens: int,
        max_seconds: float = 60,
        reasoning_effort: str = "default",
        batch_seconds: float = 0.0,
    ) -> None:
        """`max_seconds` is the longest time that an answer may take, from the first attempt to its end.

        `reasoning_effort` is passed on to the server; "default" leaves it to the model. Of a streamed answer,
        the first text is written at once, and then what arrives within `batch_seconds`.
        """
        self._connection = connection
        self._model = model
        self._max_seconds = max_seconds
        self._batch_seconds = batch_seconds
        self._max_text_bytes = max_output_tokens * BYTES_PER_TOKEN
        self._max_body_bytes = max_output_tokens * BODY_BYTES_PER_TOKEN + MORE_BODY_BYTES
        self._options: Body = {"model": model, "max_completion_tokens": max_output_tokens}
        if reasoning_effort != "default":
            self._options["reasoning_effort"] = reasoning_effort
        self._streaming: Body = {"stream": True, "stream_options": {"include_usage": True}}
        self._caches = connection.provider == OPENAI
        self._sets_breakpoints = self._caches and bool(_TAKES_BREAKPOINTS.match(model))
        self._fallback = FieldFallback(connection)

    async def answer(self, prompt: Prompt) -> Reply:
        """The answer to `prompt`, requested as a whole. Raises `ResponderError`."""
        end = asyncio.get_running_loop().time() + self._max_seconds
        while True:
            completion = Completion(self._model, self._max_text_bytes)
            try:
                async with (
                    asyncio.timeout_at(end),
                    aclosing(await self._send(self._body(prompt))) as response,
                ):
                    data = await self._connection.read(response, limit := self._max_body_bytes)
                    completion.add(data[:limit], cut_off=len(data) > limit)
                return completion.reply()
            except (PromptTooLong, *OPENAI_ERRORS) as error:
                prompt = self._shortened(prompt, error)

    async def stream(self, prompt: Prompt, write: Callable[[str], None]) -> Reply:
        """The answer to `prompt`; `write` is called with each piece of its text as it arrives.

        Pieces that arrive together are written as one. An answer that has not ended in time is cut off
        there. Raises `ResponderError`.
        """
        end = asyncio.get_running_loop().time() + self._max_seconds
        while True:
            completion = Completion(self._model, self._max_text_bytes)
            body = {**self._body(prompt), **self._streaming}
            try:
                async with asyncio.timeout_at(end) as timer, aclosing(await self._send(body)) as response:
                    if response.headers.get("content-type", "").startswith(JSON):
                        # A server that cannot stream has sent the whole answer.
                        data = await self._connection.read(response, limit := self._max_body_bytes)
                        if text := completion.add(data[:limit], cut_off=len(data) > limit):
                            write(text)
                    else:
                        await self._read_events(response, completion, write)
            except (PromptTooLong, *OPENAI_ERRORS) as error:
                if timer.expired() and any(completion.texts):
                    completion.finish_reason = completion.finish_reason or "timeout"
                elif completion.finish_reason is None:
                    prompt = self._shortened(prompt, error)
                    continue
            return completion.reply(write)

    def _shortened(self, prompt: Prompt, error: Exception) -> Prompt:
        """`prompt` with the newer half of its exchanges, if `error` says that it is too long.

        Raises what `error` means to a visitor if it says anything else, or no exchange is left.
        """
        meaning = error if isinstance(error, ResponderError) else self._connection.responder_error(error)
        if isinstance(error, APIStatusError):
            meaning = refusal(error.body, error.status_code) or meaning
        if not isinstance(meaning, PromptTooLong):
            raise meaning from error
        if not prompt.history:
            logger.error(
                "The knowledge and a question are too long for the model: shorten the knowledge, or set "
                "OPENAI_MODEL to a model with more room"
            )
            raise meaning from error
        exchanges = len(prompt.history) // 2
        kept = 2 * (exchanges // 2)
        logger.warning(
            "The prompt is too long for the model, so %d messages are left out", len(prompt.history) - kept
        )
        return replace(prompt, history=prompt.history[len(prompt.history) - kept :])

    def _body(self, prompt: Prompt) -> Body:
        cached = {"prompt_cache_key": prompt.cache_key} if self._caches and prompt.cache_key else {}
        system: str | list[Body] = prompt.system
        if self._sets_breakpoints and prompt.cache_key:
            unchanging, rest = prompt.system[: prompt.unchanging], prompt.system[prompt.unchanging :]
            marked = {"type": "text", "text": unchanging, "prompt_cache_breakpoint": _BREAKPOINT}
            system = [marked, *([{"type": "text", "text": rest}] if rest else [])]
        history = [{"role": message.role, "content": message.content} for message in prompt.history]
        return {
            **self._options,
            "messages": [
                {"role": "system", "content": system},
                *history,
                {"role": "user", "content": prompt.question},
            ],
            "safety_identifier": prompt.safety_identifier,
            **cached,
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
        self, response: httpx2.Response, completion: Completion, write: Callable[[str], None]
    ) -> None:
        """Read the stream up to its end, or until it is longer than any answer that was asked for.

        Only text and reasoning are progress. Raises `TimeoutError` when a comment or an empty chunk arrives
        and there has been none for longer than the timeout.
        """
        now, batch = asyncio.get_running_loop().time, batching(response)
        # `aiter_bytes` doubles the cost of a chunk, so only encoded bodies take it.
        body = response.aiter_bytes() if "content-encoding" in response.headers else response.aiter_raw()
        reader, left, steps, last = EventReader(), self._max_body_bytes, 0, now()
        async with aclosing(body) as chunks:
            async for chunk in chunks:
                events = reader.feed(chunk)
                if is_done := bool(events) and events[-1].strip() == DONE:
                    del events[-1]
                if text := "".join(map(completion.add, events)):
                    write(text)
                left -= len(chunk)
                if is_done:
                    break
                if completion.full or left < 0:
                    completion.finish_reason = "length"
                    return
                if text:
                    batch(self._batch_seconds, DONE)
                if completion.steps > steps:
                    steps, last = completion.steps, now()
                elif now() - last > self._connection.timeout_seconds:
                    raise TimeoutError
            # A connection can be reused only after its last response was read to the end.
            with suppress(TimeoutError, httpx2.RequestError):
                async with asyncio.timeout(CLOSING_TIMEOUT):
                    async for _ in chunks:
                        pass
