"""What every request passes before its route: response headers, and which websites may call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware

from api.refused_origins import RefusedOrigins
from api.session_header import OLD_SESSION_HEADER, SESSION_HEADER
from api.visitor import AUTHORIZATION
from api.visitor_check import TICKET_HEADER, TOKEN_HEADER
from errors import ConfigurationError
from origins import ANY, origin_pattern

if TYPE_CHECKING:
    import re

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.route import ServicesFor

# Conversations are private (OWASP ASVS 5.0, 14.3.2), and nothing here is a page.
CACHE_CONTROL = (b"cache-control", b"no-store")
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
METHODS = ("GET", "POST", "PATCH", "DELETE")
REQUEST_HEADERS = (
    *("Content-Type", AUTHORIZATION),
    *(SESSION_HEADER, OLD_SESSION_HEADER, TOKEN_HEADER, TICKET_HEADER),
)
# Keep proxies from collecting, compressing or otherwise changing a stream: its pieces would arrive late.
STREAM_HEADERS = {"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"}
EXPOSED_HEADERS = ("Content-Disposition", "Retry-After", "Server-Timing")
PREFLIGHT_SECONDS = 86_400


class ApiHeaders:
    """Adds `HEADERS` to every response, and `CACHE_CONTROL` to those that do not have one of their own."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [*message["headers"], *HEADERS]
                if not any(name == b"cache-control" for name, _ in headers):
                    headers.append(CACHE_CONTROL)
                message["headers"] = headers
            await send(message)

        await self._app(scope, receive, send_with_headers)


class CrossOrigin:
    """Refuses requests from pages of other websites, except those in `ALLOWED_ORIGINS`.

    A browser names the page in the `Origin` header, and is refused before anything else of the request is
    read. Clients other than browsers send no `Origin` and pass: rate limits are there for them.
    """

    def __init__(self, app: ASGIApp, services_for: ServicesFor) -> None:
        """`services_for` knows the settings; it is first called with the first request."""
        self._app = app
        self._services_for = services_for
        self._allowed: re.Pattern[str] | None = None
        self._refuse = RefusedOrigins((), METHODS, REQUEST_HEADERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._allowed is None and scope["type"] == "http":
            self._configure(scope)
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        allowed = self._allowed
        if origin is None or allowed is None or allowed.fullmatch(origin) or _is_same_origin(origin, headers):
            await self._app(scope, receive, send)
        else:
            await self._refuse(scope, receive, send)

    def _configure(self, scope: Scope) -> None:
        try:
            settings = self._services_for(scope).settings
        except ConfigurationError:  # the route answers with it
            return
        origins = settings.allowed_origins
        ticket = (TICKET_HEADER,) if settings.turnstile_secret else ()
        self._allowed = origin_pattern(origins)
        self._refuse = RefusedOrigins(origins, METHODS, REQUEST_HEADERS)
        if origins:
            self._app = CORSMiddleware(
                self._app,
                allow_origins=[ANY] if ANY in origins else (),
                allow_origin_regex=self._allowed.pattern,
                allow_methods=METHODS,
                allow_headers=REQUEST_HEADERS,
                expose_headers=(*EXPOSED_HEADERS, *ticket),
                max_age=PREFLIGHT_SECONDS,
            )


def _is_same_origin(origin: str, headers: Headers) -> bool:
    """Whether the page belongs to the host that is called.

    Behind a proxy that changes the host name only the browser can tell, in a header that pages cannot set.
    """
    host = headers.get("host", "").lower()
    same_host = bool(host) and origin.partition("://")[2].lower() == host
    return same_host or headers.get("sec-fetch-site") == "same-origin"
