"""Answers from OpenAI, or any server that speaks its protocol, through the `openai` package."""

from __future__ import annotations

import json
import logging
import math
from contextlib import aclosing
from typing import TYPE_CHECKING

import httpx2
from openai import APIConnectionError, APIError, APIStatusError, APITimeoutError, AsyncOpenAI

# The client imports it at its first call; imported here it is part of the start-up.
from openai.resources.chat.completions import AsyncCompletions  # noqa: F401
from openai.types.chat import ChatCompletion

from errors import ResponderBusy, ResponderError, ResponderTimeout
from responders import Reply, Usage

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from openai.types import CompletionUsage
    from openai.types.chat import ChatCompletionMessageParam

    from prompt import Prompt
    from settings import Settings

# A visitor waits this long, in seconds, for a retry that the provider asks for; what is longer is an answer
# of its own: 'busy', with the provider's Retry-After. The package alone would wait up to two minutes.
LONGEST_RETRY_WAIT = 2.0

logger = logging.getLogger("voice_agent.openai")


def openai_client(settings: Settings) -> AsyncOpenAI:
    """A client for `settings`; make one and keep it.

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
        http_client=httpx2.AsyncClient(timeout=timeout, event_hooks={"response": [_refuse_long_waits]}),
    )


class OpenAIResponder:
    """Answers by chat completions, whole or as a stream."""

    name = "openai"

    def __init__(self, client: AsyncOpenAI, *, model: str, max_output_tokens: int) -> None:
        """Take the client, the model's name and the longest answer in tokens."""
        self._client = client
        self._model = model
        self._max_output_tokens = max_output_tokens

    async def respond(self, prompt: Prompt, *, streamed: bool) -> AsyncGenerator[str | Reply]:
        """See `Responder`. A refusal is an answer like any other."""
        try:
            async with aclosing(self._stream(prompt) if streamed else self._complete(prompt)) as items:
                async for item in items:
                    yield item
        except APIError as error:
            raise _responder_error(error) from error
        except json.JSONDecodeError as error:
            logger.warning("OpenAI's answer is not JSON")
            raise ResponderError(code="responder_incomplete") from error

    async def _complete(self, prompt: Prompt) -> AsyncGenerator[str | Reply]:
        completion = await self._client.chat.completions.create(
            model=self._model,
            messages=messages(prompt),
            max_completion_tokens=self._max_output_tokens,
            safety_identifier=prompt.safety_identifier,
        )
        if not isinstance(completion, ChatCompletion) or not completion.choices:
            raise ResponderError(code="responder_incomplete")
        choice = completion.choices[0]
        text = choice.message.content or choice.message.refusal or ""
        reply = _reply(text, completion.model, completion.usage, choice.finish_reason)
        yield reply.text
        yield reply

    async def _stream(self, prompt: Prompt) -> AsyncGenerator[str | Reply]:
        chunks = await self._client.chat.completions.create(
            model=self._model,
            messages=messages(prompt),
            max_completion_tokens=self._max_output_tokens,
            safety_identifier=prompt.safety_identifier,
            stream=True,
            stream_options={"include_usage": True},
        )
        pieces: list[str] = []
        model, usage, finish_reason = self._model, None, None
        async with chunks:
            async for chunk in chunks:
                model, usage = chunk.model or model, chunk.usage or usage
                for choice in chunk.choices:
                    finish_reason = choice.finish_reason or finish_reason
                    if piece := choice.delta.content or choice.delta.refusal:
                        pieces.append(piece)
                        yield piece
        yield _reply("".join(pieces), model, usage, finish_reason)


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


def _reply(text: str, model: str, usage: CompletionUsage | None, finish_reason: str | None) -> Reply:
    if finish_reason is None:
        raise ResponderError(code="responder_incomplete")
    if not text.strip():
        raise ResponderError(
            "The assistant had nothing to say to that. Please ask differently.", code="responder_empty"
        )
    counted = Usage(usage.prompt_tokens, usage.completion_tokens) if usage else None
    return Reply(text=text, model=model, usage=counted, finish_reason=finish_reason)


def _responder_error(error: APIError) -> ResponderError:
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
        return ResponderBusy(retry_after=_retry_after(error.response))
    if status in {408, 504}:
        return ResponderTimeout()
    return ResponderError(code="responder_rejected" if status < 500 else None)  # noqa: PLR2004 - HTTP's own


def _retry_after(response: httpx2.Response) -> int | None:
    try:
        seconds = float(response.headers.get("retry-after", ""))
    except ValueError:  # none, or a date: OpenAI sends seconds
        return None
    return math.ceil(seconds) if math.isfinite(seconds) and seconds >= 0 else None


async def _refuse_long_waits(response: httpx2.Response) -> None:
    if (_retry_after(response) or 0) > LONGEST_RETRY_WAIT:
        response.headers["x-should-retry"] = "false"
