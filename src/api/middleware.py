"""What holds for every call: headers, the right of other origins to read the answer, the body cap."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware

from api.errors import error_response
from errors import BodyTooLarge, ConfigurationError, OriginNotAllowed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, MutableMapping, Sequence

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from services import Agent

PREFIX = "/api/voice-agent"

# Conversations are private (OWASP ASVS 5.0, 14.3.2), and nothing here is a page.
HEADERS = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)

# A form around a recording has boundaries, names and a language.
RECORDINGS = "/transcribe"
AROUND_A_RECORDING = 8192


class ApiHeaders:
    """Sets `HEADERS` on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *HEADERS]
            await send(message)

        await self._app(scope, receive, send_with_headers)


class OriginCheck:
    """Refuses what a page of another website sends, before anything of it is read.

    A browser says which page it is, in the header Origin. What is no browser says nothing and is let
    through: for that there are rate limits.
    """

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        """Wrap `app`; `origins` may ask, and pages of the host that is asked."""
        self._app = app
        self._origins = frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if origin is None or origin in self._origins or _is_same(origin, headers):
            await self._app(scope, receive, send)
        else:
            await error_response(OriginNotAllowed())(scope, receive, send)


def _is_same(origin: str, headers: Headers) -> bool:
    """Whether the page is of the host that is asked.

    Behind a proxy that changes the host's name only the browser knows, and no page can say it in its place.
    """
    same_host = origin.partition("://")[2].lower() == headers.get("host", "").lower()
    return same_host or headers.get("sec-fetch-site") == "same-origin"


class BodyCap:
    """Answers a body of more than `most` bytes with 413: by its Content-Length, or when so much has come."""

    def __init__(self, app: ASGIApp, most: int, exceptions: Mapping[str, int]) -> None:
        """Wrap `app`; a path that ends as one of `exceptions` has a cap of its own."""
        self._app = app
        self._most = most
        self._exceptions = exceptions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        most = self._cap(scope["path"])
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdecimal() and int(announced) > most:
            await error_response(BodyTooLarge())(scope, receive, send)
            return
        received = 0

        async def receive_capped() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > most:
                raise HTTPException(BodyTooLarge.status)  # the only error that the framework lets through
            return message

        await self._app(scope, receive_capped, send)

    def _cap(self, path: str) -> int:
        return next((cap for end, cap in self._exceptions.items() if path.endswith(end)), self._most)


class Configured:
    """What the settings say about every request: who may read the answer (CORS), how long a body may be.

    Without `ALLOWED_ORIGINS` only pages of the same origin may ask. The middleware is made with the first
    request, as settings are known only then.
    """

    def __init__(self, app: ASGIApp, agent_for: Callable[[MutableMapping[str, Any]], Agent]) -> None:
        """Wrap `app`."""
        self._app = app
        self._agent_for = agent_for
        self._configured: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if self._configured is None and scope["type"] == "http":
            self._configured = self._configure(scope)
        await (self._configured or self._app)(scope, receive, send)

    def _configure(self, scope: Scope) -> ASGIApp | None:
        try:
            settings = self._agent_for(scope).settings
        except ConfigurationError:  # the route answers with it
            return None
        recording = settings.max_audio_bytes + AROUND_A_RECORDING
        capped = BodyCap(self._app, settings.max_body_bytes, {RECORDINGS: recording})
        if not settings.allowed_origins:
            return OriginCheck(capped, ())
        return _for_origins(capped, settings.allowed_origins)


def _for_origins(app: ASGIApp, origins: Sequence[str]) -> ASGIApp:
    readable = CORSMiddleware(
        app,
        allow_origins=origins,
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["Content-Type", "X-Session-ID"],
        expose_headers=["Content-Disposition", "Retry-After", "Server-Timing"],
        max_age=86_400,
    )
    return readable if "*" in origins else OriginCheck(readable, origins)
