"""The connection to OpenAI, or to any server that speaks its protocol: one client an isolate."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

import httpx2
from openai import AsyncOpenAI
from openai._models import FinalRequestOptions

if TYPE_CHECKING:
    from settings import Settings

# A visitor waits this long, in seconds, for a retry that the provider asks for; what is longer is an answer
# of its own: 'busy', with the provider's Retry-After. The package alone would wait up to two minutes.
LONGEST_RETRY_WAIT = 2.0


class RepeatingOpenAI(AsyncOpenAI):
    """The package's client, with its retries and errors, and a call that does its preparations only once.

    Making options, merging headers, parsing the URL and looking for other ways to log in than a key, anew
    for each call, cost five times what sending it does (docs/performance.md).
    """

    def __init__(self, **options: Any) -> None:
        """Prepare nothing yet."""
        super().__init__(**options)
        self._platform = "Unknown"  # else the package would find out with the first call, in a thread
        self._options: dict[str, FinalRequestOptions] = {}
        self._requests: dict[str, httpx2.Request] = {}

    def platform_headers(self) -> dict[str, str]:
        """None: what machine this is, is nobody's business."""
        return {}

    @property
    def custom_auth(self) -> None:
        """No other way to log in than the key."""
        return

    async def _prepare_options(self, options: FinalRequestOptions) -> FinalRequestOptions:
        return options

    async def _send_request(self, request: httpx2.Request, *, stream: bool, **_: Any) -> httpx2.Response:
        return await self._client.send(request, stream=stream)

    def _should_retry(self, response: httpx2.Response) -> bool:
        return (retry_after(response) or 0) <= LONGEST_RETRY_WAIT and super()._should_retry(response)

    async def post_bytes(self, url: str, content: bytes, *, stream: bool) -> httpx2.Response:
        """The answer to `content`, which is JSON, posted to the whole `url`; a `stream` is not read yet.

        Raises the package's errors, for a status of 400 and above too.
        """
        known = self._options.get(url) or self._options.setdefault(url, _posted_to(url))
        options = known.model_copy(update={"content": content})
        return await self.request(httpx2.Response, options, stream=stream)

    def _build_request(self, options: FinalRequestOptions, *, retries_taken: int = 0) -> httpx2.Request:
        if not isinstance(options.content, bytes):
            return super()._build_request(options, retries_taken=retries_taken)
        known = self._requests.get(options.url) or self._prepared(options)
        body = httpx2.ByteStream(options.content)
        request = httpx2.Request(
            known.method, known.url, headers=known.headers, extensions=known.extensions, stream=body
        )
        request.headers["content-length"] = str(len(options.content))
        return request

    def _prepared(self, options: FinalRequestOptions) -> httpx2.Request:
        """A request without a body, and without what the package tells of itself, kept for others like it."""
        request = super()._build_request(options.model_copy(update={"content": b""}))
        for name in [name for name in request.headers if name.startswith("x-stainless-")]:
            del request.headers[name]
        self._requests[options.url] = request
        return request


def _posted_to(url: str) -> FinalRequestOptions:
    # Where there is no key for idempotency, the package draws one for each call, and sends none to OpenAI.
    return FinalRequestOptions(method="post", url=url, security={"bearer_auth": True}, idempotency_key="")


class DirectClient(httpx2.AsyncClient):
    """Hands requests to a transport as they are: an API sets no cookies and asks for no redirect or login."""

    def __init__(self, transport: httpx2.AsyncBaseTransport, timeout: httpx2.Timeout) -> None:
        """Send by `transport`."""
        super().__init__(transport=transport, timeout=timeout)
        self._direct = transport

    async def send(self, request: httpx2.Request, *, stream: bool = False, **_: Any) -> httpx2.Response:
        """The response to `request`, read whole where it is no `stream`."""
        response = await self._direct.handle_async_request(request)
        response.request = request
        try:
            if not stream:
                await response.aread()
        except BaseException:
            await response.aclose()
            raise
        return response


def openai_client(settings: Settings, transport: httpx2.AsyncBaseTransport | None = None) -> RepeatingOpenAI:
    """A client for `settings`, which sends by `transport` or in httpx2's own way; make one and keep it.

    Its time-out is given for each phase: until the headers, and between two pieces. In Workers the headers
    of a JSON answer come with the whole answer, so the package's own 5 seconds would cut long ones off.
    """
    timeout = httpx2.Timeout(settings.openai_timeout_seconds)
    key = settings.openai_api_key
    return RepeatingOpenAI(
        api_key=key.get_secret_value() if key else "",
        base_url=settings.openai_base_url,
        max_retries=settings.openai_max_retries,
        timeout=timeout,
        http_client=DirectClient(transport, timeout) if transport else httpx2.AsyncClient(timeout=timeout),
    )


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
