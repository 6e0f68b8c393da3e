"""Answers from OpenAI, or any server that speaks its protocol, through the `openai` package."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing, contextmanager, suppress
from typing import TYPE_CHECKING, Any

import httpx2
from anyio import EndOfStream
from openai import (
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    BadRequestError,
    UnprocessableEntityError,
)
from pydantic_core import to_json

from errors import ResponderBusy, ResponderError, ResponderTimeout
from responders.openai_client import retry_after
from responders.openai_wire import END, Answer, EventReader

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator

    from openai.types.chat import ChatCompletionMessageParam

    from prompt import Prompt
    from responders.openai_client import RepeatingOpenAI
    from responders.responder import Reply

# What compatible servers may refuse, and what older servers call it.
NEWER_FIELDS = {
    "max_completion_tokens": "max_tokens",
    "reasoning_effort": None,
    "safety_identifier": None,
    "stream_options": None,
}
JSON = "application/json"
# After the last event the server has nothing more to say; what closes its answer is on the way.
SECONDS_TO_CLOSE = 0.1

logger = logging.getLogger("voice_agent.openai")


class OpenAIResponder:
    """Answers by chat completions, whole or as a stream."""

    name = "openai"

    def __init__(
        self,
        client: RepeatingOpenAI,
        *,
        model: str,
        max_output_tokens: int,
        reasoning_effort: str = "default",
    ) -> None:
        """Take the client, the model's name, the longest answer in tokens, and how long it may think."""
        self._client = client
        # Whole, so that the package need not join and parse it anew for every call.
        self._url = str(client.base_url.join("chat/completions"))
        self._model = model
        self._max_output_tokens = max_output_tokens
        self._reasoning = {} if reasoning_effort == "default" else {"reasoning_effort": reasoning_effort}
        self._unknown: set[str] = set()

    async def answer(self, prompt: Prompt) -> Reply:
        answer = Answer(self._model)
        with _told_as_ours():
            response = await self._post(prompt, streamed=False)
            answer.add(await response.aread())
        return answer.reply()

    async def stream(self, prompt: Prompt, write: Callable[[str], None]) -> Reply:
        answer = Answer(self._model)
        with _told_as_ours():
            response = await self._post(prompt, streamed=True)
            if response.headers.get("content-type", "").startswith(JSON):
                # Whole, though a stream was asked for: not every server knows of them.
                write(answer.add(await response.aread()))
            else:
                events = EventReader()
                async with aclosing(response), aclosing(_chunks(response)) as chunks:
                    async for chunk in chunks:
                        found = events.feed(chunk)
                        if text := "".join([answer.add(data) for data in found if data != END]):
                            write(text)
                        if END in found:
                            await _read_to_end(chunks)
        return answer.reply()

    async def _post(self, prompt: Prompt, *, streamed: bool) -> httpx2.Response:
        """The server's answer; a server that does not know one of OpenAI's newer fields is asked without."""
        for _ in NEWER_FIELDS:
            body = self._body(prompt, streamed=streamed)
            try:
                return await self._send(body, streamed=streamed)
            except (BadRequestError, UnprocessableEntityError) as error:
                if not self._learn(error.message, body):
                    raise
        return await self._send(self._body(prompt, streamed=streamed), streamed=streamed)

    def _learn(self, message: str, body: dict[str, Any]) -> bool:
        """Note which newer fields of `body` a refusal names; False where there is none."""
        unknown = {field for field in NEWER_FIELDS if field in body and field in message}
        self._unknown |= unknown
        return bool(unknown)

    def _body(self, prompt: Prompt, *, streamed: bool) -> dict[str, Any]:
        body: dict[str, Any] = {
            "model": self._model,
            "messages": messages(prompt),
            "max_completion_tokens": self._max_output_tokens,
            "safety_identifier": prompt.safety_identifier,
            **self._reasoning,
        }
        if streamed:
            body |= {"stream": True, "stream_options": {"include_usage": True}}
        for field in self._unknown & body.keys():
            value, older = body.pop(field), NEWER_FIELDS[field]
            if older:
                body[older] = value
        return body

    async def _send(self, body: dict[str, Any], *, streamed: bool) -> httpx2.Response:
        """The server's answer to `body`, of which only the headers are read where it is `streamed`.

        `chat.completions.create` would look for what to rename in every message, at twice the cost of
        sending it, and build a model from every chunk.
        """
        return await self._client.post_bytes(self._url, to_json(body), stream=streamed)


@contextmanager
def _told_as_ours() -> Iterator[None]:
    """What the package, or the connection, raises becomes a `ResponderError`."""
    try:
        yield
    except APIError as error:
        raise responder_error(error) from error
    except httpx2.TimeoutException as error:
        raise ResponderTimeout from error
    except (httpx2.RequestError, OSError, EndOfStream) as error:  # what the package takes for lost
        logger.warning("OpenAI's answer broke off (%s)", type(error).__name__)
        raise ResponderError(code="responder_unreachable") from error


def messages(prompt: Prompt) -> list[ChatCompletionMessageParam]:
    """`prompt` as chat messages: system, then the history, then the question."""
    sent: list[ChatCompletionMessageParam] = [{"role": "system", "content": prompt.system}]
    for message in prompt.history:
        if message.role == "user":
            sent.append({"role": "user", "content": message.content})
        else:
            sent.append({"role": "assistant", "content": message.content})
    sent.append({"role": "user", "content": prompt.question})
    return sent


def _chunks(response: httpx2.Response) -> AsyncGenerator[bytes]:
    """The body as it comes; looking for what to decode costs as much as a chunk where there is nothing."""
    return response.aiter_bytes() if "content-encoding" in response.headers else response.aiter_raw()


async def _read_to_end(chunks: AsyncIterator[bytes]) -> None:
    """A connection can be used again only when its last answer was read to the end."""
    with suppress(TimeoutError, httpx2.RequestError):
        async with asyncio.timeout(SECONDS_TO_CLOSE):
            async for _ in chunks:
                pass


def responder_error(error: APIError) -> ResponderError:
    """What a visitor is told of `error`; the log says what happened."""
    if isinstance(error, APITimeoutError) or isinstance(error.__cause__, httpx2.TimeoutException):
        return ResponderTimeout()
    if isinstance(error, APIConnectionError):
        logger.warning("OpenAI cannot be reached: %s", type(error.__cause__).__name__)
        return ResponderError(code="responder_unreachable")
    if not isinstance(error, APIStatusError):
        logger.warning("OpenAI's answer broke off (%s)", error.code)
        return ResponderError(code="responder_incomplete")
    return _status_error(error)


def _status_error(error: APIStatusError) -> ResponderError:
    status = error.status_code
    # The message may quote a part of the key; status and code are enough to act on.
    logger.warning("OpenAI answered %d (%s)", status, error.code)
    if status in {429, 503}:
        return ResponderBusy(retry_after=retry_after(error.response))
    if status in {408, 504}:
        return ResponderTimeout()
    return ResponderError(code="responder_rejected" if status < 500 else None)
