"""One request for one page, with limits on all that a server can do."""

from __future__ import annotations

import asyncio
import email.utils
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import httpx2

from local.learn.web.addresses import normal, site_of
from local.learn.web.guarded_transport import PrivateAddress
from settings import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from clock import Clock
    from local.learn.web.pace import Pace

# What robots.txt calls us, and what the server's log shows.
AGENT = "voice-agent"
USER_AGENT = f"{AGENT}/{VERSION} (+learn)"
MAX_PAGE_BYTES = 3_000_000
MAX_DOCUMENT_BYTES = 20_000_000
_MAX_REDIRECTS = 8
_TRIES = 3
# For one page with all its redirects.
_MAX_SECONDS = 60.0
_MAX_RETRY_AFTER = 30.0
_BUSY = {429, 503}
_BUSY_SECONDS = 2.0
_FOUND = 302
_NOT_MODIFIED = 304


class NotFetched(Exception):
    """A page could not be fetched; the message is the reason, and `status` the server's answer, if any."""

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.status = status

    @property
    def gone(self) -> bool:
        """Whether there is no such page, as opposed to a fault that may pass."""
        return self.status in {404, 410}


class _Again(NotFetched):
    """A fault that may pass: worth another try after `seconds`."""

    def __init__(self, reason: str, seconds: float, status: int | None = None) -> None:
        super().__init__(reason, status)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer. `unchanged` says that the page is as it was when it had the validators that were sent."""

    url: str
    content_type: str
    charset: str | None
    data: bytes
    validators: Mapping[str, str]
    date: str
    unchanged: bool = False


class Fetcher:
    """Fetches pages of one website; a redirect to another website is not followed."""

    def __init__(self, client: httpx2.AsyncClient, pace: Pace, clock: Clock) -> None:
        self._client = client
        self._pace = pace
        self._clock = clock

    async def get(
        self,
        url: str,
        validators: Mapping[str, str] | None = None,
        allows: Callable[[str], bool] = lambda _: True,
    ) -> Fetched:
        """Fetch the page at `url`, unless it is as it was when it had these `validators`.

        A redirect is followed only to where robots.txt `allows` it. Raises `NotFetched`.
        """
        visited = [url]
        for _ in range(_MAX_REDIRECTS):
            answer = await self._insist(visited[-1], (validators or {}) if len(visited) == 1 else {})
            if isinstance(answer, Fetched):
                return answer
            if site_of(answer) != site_of(url):
                raise NotFetched(f"redirects to another website ({answer})", _FOUND)
            if not allows(answer):
                raise NotFetched(f"redirects to where robots.txt does not allow it ({answer})", _FOUND)
            if answer in visited:
                raise NotFetched("redirects in a circle", _FOUND)
            visited.append(answer)
        raise NotFetched(f"redirects more than {_MAX_REDIRECTS} times", _FOUND)

    async def _insist(self, url: str, validators: Mapping[str, str]) -> Fetched | str:
        """The answer of `url`, or the address that it redirects to, after up to three tries."""
        for _ in range(_TRIES - 1):
            try:
                return await self._try(url, validators)
            except _Again as again:
                await self._clock.sleep(again.seconds)
        return await self._try(url, validators)

    async def _try(self, url: str, validators: Mapping[str, str]) -> Fetched | str:
        try:
            async with self._pace.request(), asyncio.timeout(_MAX_SECONDS):
                return await self._request(url, validators)
        except PrivateAddress as error:
            raise NotFetched(str(error)) from error
        except TimeoutError as error:
            raise NotFetched(f"takes longer than {_MAX_SECONDS:.0f} s") from error
        except httpx2.TransportError as error:
            raise _Again(_reason(error), seconds=1.0) from error
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise NotFetched(_reason(error)) from error

    async def _request(self, url: str, validators: Mapping[str, str]) -> Fetched | str:
        headers = {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip", **validators}
        async with self._client.stream("GET", url, headers=headers) as response:
            if response.status_code == _NOT_MODIFIED:
                return _fetched(url, response, b"", unchanged=True)
            if response.is_redirect:
                return _target(url, response)
            _check_status(response)
            return _fetched(url, response, await _body(response))


def _target(url: str, response: httpx2.Response) -> str:
    try:
        target = normal(urljoin(url, response.headers.get("Location", "")))
    except ValueError:
        target = ""
    if not target:
        raise NotFetched("redirects to what is not a web address", response.status_code)
    return target


def _check_status(response: httpx2.Response) -> None:
    status = response.status_code
    if status in _BUSY:
        after = response.headers.get("Retry-After", "")
        seconds = min(float(after), _MAX_RETRY_AFTER) if after.isdecimal() else _BUSY_SECONDS
        raise _Again(f"the server is busy (status {status})", seconds, status)
    if status in {404, 410}:
        raise NotFetched("there is no such page", status)
    if status in {401, 403}:
        raise NotFetched(f"needs a login, or refuses programs (status {status})", status)
    if status != 200:
        raise NotFetched(f"the server answers with status {status}", status)


async def _body(response: httpx2.Response) -> bytes:
    """The body, unpacked; reads and unpacks no more than the limit for what it is."""
    is_page = "html" in response.headers.get("Content-Type", "html")
    limit = MAX_PAGE_BYTES if is_page else MAX_DOCUMENT_BYTES
    packed = response.headers.get("Content-Encoding", "identity").lower()
    too_large = NotFetched(f"larger than {limit // 1_000_000} MB", response.status_code)
    data = bytearray()
    async for chunk in response.aiter_raw():
        data += chunk
        if len(data) > limit:
            raise too_large
    if packed not in {"gzip", "x-gzip"}:
        if packed != "identity":
            raise NotFetched(f"packed as {packed[:20]}, which was not asked for", response.status_code)
        return bytes(data)
    if len(unpacked := unpack(bytes(data), limit)) > limit:
        raise too_large
    return unpacked


def unpack(data: bytes, limit: int) -> bytes:
    """Unpack gzip `data`, at most one byte more than `limit`. Raises `NotFetched` if it is damaged."""
    try:
        return zlib.decompressobj(wbits=31).decompress(data, limit + 1)
    except zlib.error as error:
        raise NotFetched("damaged (gzip)") from error


def _fetched(url: str, response: httpx2.Response, data: bytes, *, unchanged: bool = False) -> Fetched:
    headers = response.headers
    sent = {"If-None-Match": headers.get("ETag"), "If-Modified-Since": headers.get("Last-Modified")}
    validators = {name: value for name, value in sent.items() if value}
    return Fetched(
        url,
        headers.get("Content-Type", ""),
        response.charset_encoding,
        data,
        validators,
        _date(headers.get("Last-Modified", "")),
        unchanged,
    )


def _date(value: str) -> str:
    try:
        return email.utils.parsedate_to_datetime(value).date().isoformat()
    except ValueError:
        return ""


def _reason(error: Exception) -> str:
    if isinstance(error, httpx2.TimeoutException):
        return "the server does not answer"
    text = str(error)
    if "CERTIFICATE" in text.upper():
        return "its certificate is not valid"
    return f"no connection ({text or type(error).__name__})"
