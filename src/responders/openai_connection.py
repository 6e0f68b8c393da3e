"""The connection to OpenAI, or to any server that speaks its protocol, with retries."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from random import random
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import httpx2
from openai import APIStatusError, AsyncOpenAI, Omit, omit
from pydantic_core import to_json

from responders.openai_errors import (
    CONNECTION_ERRORS,
    OPENAI,
    SERVER_ERROR,
    responder_error,
    retry_after,
    status_error,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from clock import Clock
    from errors import ResponderError
    from settings import Settings

T = TypeVar("T")
Body: TypeAlias = dict[str, Any]

JSON = "application/json"
OPENAI_HOST = "api.openai.com"

# The package insists on a key, although the header with it can be left out.
NO_KEY = "none"
# No explanation of an error is longer.
MAX_ERROR_BYTES = 65_536
# A visitor waits this many seconds for a retry; when the server asks for more, they are told to come back.
MAX_RETRY_AFTER = 2.0
# Otherwise the wait doubles with each attempt, from the first of these to the second, less up to a quarter.
FIRST_BACKOFF, MAX_BACKOFF, JITTER = 0.5, 8.0, 0.25
# Request timeout, lock timeout, rate limit; and every server error.
RETRIED_STATUSES = frozenset({408, 409, 429})


class OpenAIConnection:
    """Sends requests to one server, each with the configured timeout and number of retries.

    `post_chat` sends chat completions and `post_form` recordings; `client`, the `openai` package's client, is
    for everything else. All try once: call them within `with_retries`.
    """

    def __init__(
        self, settings: Settings, clock: Clock, transport: httpx2.AsyncBaseTransport | None = None
    ) -> None:
        """Connect with the first request, through `transport` if given, else through httpx2's own.

        `timeout_seconds` holds for the response's headers and again for each piece of its body. Redirects
        are not followed: they would take the question, and the key, to another address. Without a key, none
        is sent.
        """
        key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else None
        authorization = {"authorization": f"Bearer {key}"} if key else {}
        self.timeout_seconds = settings.openai_timeout_seconds
        timeout = httpx2.Timeout(self.timeout_seconds)
        self._http = httpx2.AsyncClient(transport=transport, timeout=timeout, follow_redirects=False)
        self.client = AsyncOpenAI(
            api_key=key or NO_KEY,
            base_url=settings.openai_base_url,
            max_retries=0,
            timeout=timeout,
            http_client=self._http,
        )
        # What calls through the package have to leave out.
        self.omitted_headers: dict[str, Omit] = {} if key else {"Authorization": omit}
        host = self.client.base_url.host
        # Who is asked, for people: in the log, and in what visitors are told about their recordings.
        self.provider = OPENAI if host == OPENAI_HOST else host
        # Shared by all chat requests: `build_request` would merge and parse them again for each.
        self._chat_url = self.client.base_url.join("chat/completions")
        self._chat_headers = self._http.headers.copy()
        self._chat_headers.update({**authorization, "content-type": JSON, "accept": JSON})
        self._form_headers = {**authorization, "accept": JSON}
        self._chat_extensions = {"timeout": timeout.as_dict()}
        self._clock = clock
        self._max_retries = settings.openai_max_retries

    async def aclose(self) -> None:
        """Close all connections to the server."""
        await self._http.aclose()

    async def post_chat(self, body: Body) -> httpx2.Response:
        """The response to the chat completion request `body`. Its own body is still unread.

        The caller closes it. Raises one of `OPENAI_ERRORS`, `APIStatusError` for any status but a success.
        """
        request = httpx2.Request(
            "POST",
            self._chat_url,
            headers=self._chat_headers,
            content=to_json(body),
            extensions=self._chat_extensions,
        )
        response = await self._http.send(request, stream=True)
        if not response.is_success:
            raise await self._error(response)
        return response

    async def post_form(self, path: str, form: Mapping[str, Any], max_bytes: int) -> bytes:
        """The body of the response, as `read` returns it, to a form posted as `open_form` does."""
        async with aclosing(await self.open_form(path, form)) as response:
            return await self.read(response, max_bytes)

    async def open_form(self, path: str, form: Mapping[str, Any]) -> httpx2.Response:
        """The response to a form posted to `path` below the base URL. Its own body is still unread.

        `form` are arguments of `httpx2.Request` that hold the form. The caller closes the response. Raises
        like `post_chat`.
        """
        return await self._post(self.client.base_url.join(path), {"headers": self._form_headers, **form})

    async def _post(self, url: httpx2.URL, arguments: Mapping[str, Any]) -> httpx2.Response:
        """The response to a request with `arguments` of `httpx2.Request`, which hold at least its body."""
        extensions = {**self._chat_extensions, **arguments.get("extensions", {})}
        headers = arguments.get("headers", self._chat_headers)
        request = httpx2.Request("POST", url, **{**arguments, "headers": headers, "extensions": extensions})
        response = await self._http.send(request, stream=True)
        if not response.is_success:
            raise await self._error(response)
        return response

    async def read(self, response: httpx2.Response, max_bytes: int) -> bytes:
        """The body of `response`, or the first `max_bytes` and some more of it if it is longer.

        White space is a sign of life and not the beginning of a body: raises `TimeoutError` if nothing else
        has arrived after the timeout. Raises one of `OPENAI_ERRORS`.
        """
        now = asyncio.get_running_loop().time
        pieces, size, end = [], 0, now() + self.timeout_seconds
        async with aclosing(response.aiter_bytes()) as body:
            async for piece in body:
                if piece.isspace() and now() > end:
                    raise TimeoutError
                pieces.append(piece)
                size += len(piece)
                if size > max_bytes:
                    break
        return b"".join(pieces)

    async def _error(self, response: httpx2.Response) -> APIStatusError:
        async with aclosing(response):
            return status_error(response, await self.read(response, MAX_ERROR_BYTES))

    async def with_retries(self, call: Callable[[], Awaitable[T]]) -> T:
        """The result of `call`, repeated while its error may be temporary and retries are left.

        Raises the last error.
        """
        for attempt in range(self._max_retries):
            try:
                return await call()
            except CONNECTION_ERRORS:
                delay = _backoff(attempt)
            except APIStatusError as error:
                asked = retry_after(error.response, self._clock.now())
                if not _may_retry(error.response, asked):
                    raise
                delay = asked or _backoff(attempt)
            await self._clock.sleep(delay)
        return await call()

    def responder_error(self, error: Exception) -> ResponderError:
        """The error that a visitor is shown for `error`, which is one of `OPENAI_ERRORS`."""
        return responder_error(error, self._clock.now(), self.provider)


def _may_retry(response: httpx2.Response, asked: float | None) -> bool:
    """Whether the same request may succeed soon; `asked` is how many seconds the server asks to wait."""
    if asked is not None and asked > MAX_RETRY_AFTER:
        return False
    # OpenAI's own header, which the `openai` package obeys as well.
    if (advice := response.headers.get("x-should-retry")) in {"true", "false"}:
        return advice == "true"
    return response.status_code in RETRIED_STATUSES or response.status_code >= SERVER_ERROR


def _backoff(attempt: int) -> float:
    return min(FIRST_BACKOFF * 2.0**attempt, MAX_BACKOFF) * (1 - JITTER * random())  # noqa: S311 - not a secret
