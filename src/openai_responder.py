"""Answers from OpenAI, or any server that speaks its protocol, through the `openai` package."""

from __future__ import annotations

import asyncio
import logging
import math
from contextlib import aclosing, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import httpx2
from anyio import EndOfStream
from openai import (
    APIConnectionError,
    APIError,
    APIStatusError,
    APITimeoutError,
    AsyncOpenAI,
    BadRequestError,
    UnprocessableEntityError,
)

from errors import ResponderBusy, ResponderError, ResponderTimeout
from openai_wire import END, Answer, EventReader

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from openai.types.chat import ChatCompletionMessageParam

    from prompt import Prompt
    from responders import Reply
    from settings import Settings

# A visitor waits this long, in seconds, for a retry that the provider asks for; what is longer is an answer
# of its own: 'busy', with the provider's Retry-After. The package alone would wait up to two minutes.
LONGEST_RETRY_WAIT = 2.0
# What compatible servers may refuse, and what older servers call it.
NEWER_FIELDS = {"max_completion_tokens": "max_tokens", "safety_identifier": None, "stream_options": None}
# After the last event the server has nothing more to say; what closes its answer is on the way.
SECONDS_TO_CLOSE = 0.1

logger = logging.getLogger("voice_agent.openai")


def openai_client(settings: Settings, transport: httpx2.AsyncBaseTransport | None = None) -> AsyncOpenAI:
    """A client for `settings`, which sends by `transport` or in httpx2's own way; make one and keep it.

    Its time-out is given for each phase: until the headers, and between two pieces. In Workers the headers
    of a JSON answer come with the whole answer, so the package's own 5 seconds would cut long ones off.
    """
    timeout = httpx2.Timeout(settings.openai_timeout_seconds)
    key = settings.openai_api_key
    return AsyncOpenAI(
        api_key=key.get_secret_value() if key else "",
        base_url=settings.openai_base_url,
        max_retries=settings.openai_max_retries,
        timeout=timeout,
        http_client=httpx2.AsyncClient(
            transport=transport, timeout=timeout, event_hooks={"response": [_refuse_long_waits]}
        ),
    )


class OpenAIResponder:
    """Answers by chat completions, whole or as a stream."""

    name = "openai"

    def __init__(self, client: AsyncOpenAI, *, model: str, max_output_tokens: int) -> None:
        """Take the client, the model's name and the longest answer in tokens."""
        self._client = client
        # Whole, so that the package need not join and parse it anew for every call.
        self._url = str(client.base_url.join("chat/completions"))
        self._model = model
        self._max_output_tokens = max_output_tokens
        self._unknown: set[str] = set()

    async def respond(self, prompt: Prompt, *, streamed: bool) -> AsyncGenerator[str | Reply]:
        """See `Responder`. A refusal is an answer like any other; pieces that came together are one."""
        answer = Answer(self._model)
        try:
            async with aclosing(self._pieces(prompt, answer, streamed=streamed)) as pieces:
                async for piece in pieces:
                    if piece:
                        yield piece
        except APIError as error:
            raise responder_error(error) from error
        except httpx2.TimeoutException as error:
            raise ResponderTimeout from error
        except (httpx2.RequestError, OSError, EndOfStream) as error:  # what the package takes for lost
            logger.warning("OpenAI's answer broke off (%s)", type(error).__name__)
            raise ResponderError(code="responder_unreachable") from error
        yield answer.reply()

    async def _pieces(self, prompt: Prompt, answer: Answer, *, streamed: bool) -> AsyncGenerator[str]:
        """The text as it comes. It has been added to `answer`."""
        response = await self._post(prompt, streamed=streamed)
        if not streamed:
            yield answer.add(response.content)
            return
        events = EventReader()
        async with aclosing(response), aclosing(response.aiter_bytes()) as chunks:
            async for chunk in chunks:
                found = events.feed(chunk)
                yield "".join([answer.add(data) for data in found if data != END])
                if END in found:
                    await _read_to_end(chunks)

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
        response: httpx2.Response = await self._client.post(
            self._url,
            body=body,
            cast_to=httpx2.Response,
            options={"security": {"bearer_auth": True}},
            stream=streamed,
        )
        return response


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
    return ResponderError(code="responder_rejected" if status < 500 else None)  # noqa: PLR2004 - HTTP's own


def retry_after(response: httpx2.Response) -> int | None:
    """How long the provider asks to wait, in whole seconds: in each of the forms that the package obeys."""
    milliseconds, asked = (response.headers.get(name, "") for name in ("retry-after-ms", "retry-after"))
    try:
        seconds = float(milliseconds) / 1000 if milliseconds else _seconds(asked)
    except (ValueError, TypeError):
        return None
    return math.ceil(seconds) if math.isfinite(seconds) and seconds >= 0 else None


def _seconds(asked: str) -> float:
    try:
        return float(asked)
    except ValueError:
        return (parsedate_to_datetime(asked) - datetime.now(UTC)).total_seconds()


async def _refuse_long_waits(response: httpx2.Response) -> None:
    if (retry_after(response) or 0) > LONGEST_RETRY_WAIT:
        response.headers["x-should-retry"] = "false"
