"""What every request passes before its route: response headers, and which websites may call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware

from api.errors import error_response
from errors import ConfigurationError, OriginNotAllowed

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from api.route import ServicesFor

# Conversations are private (OWASP ASVS 5.0, 14.3.2), and nothing here is a page.
HEADERS = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
EXPOSED_HEADERS = ("Content-Disposition", "Retry-After", "Server-Timing")
PREFLIGHT_SECONDS = 86_400


class ApiHeaders:
    """Adds `HEADERS` to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *HEADERS]
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
        self._allowed: frozenset[str] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._allowed is None and scope["type"] == "http":
            self._configure(scope)
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if origin is None or self._allowed is None or self._may_call(origin, headers, self._allowed):
            await self._app(scope, receive, send)
        else:
            await error_response(OriginNotAllowed())(scope, receive, send)

    def _configure(self, scope: Scope) -> None:
        try:
            origins = self._services_for(scope).settings.allowed_origins
        except ConfigurationError:  # the route answers with it
            return
        self._allowed = frozenset(origins)
        if origins:
            self._app = CORSMiddleware(
                self._app,
                allow_origins=origins,
                allow_methods=["GET", "POST", "DELETE"],
                allow_headers=["Content-Type", "X-Session-ID"],
                expose_headers=EXPOSED_HEADERS,
                max_age=PREFLIGHT_SECONDS,
            )

    def _may_call(self, origin: str, headers: Headers, allowed: frozenset[str]) -> bool:
        return "*" in allowed or origin in allowed or _is_same_origin(origin, headers)


def _is_same_origin(origin: str, headers: Headers) -> bool:
    """Whether the page belongs to the host that is called.

    Behind a proxy that changes the host name only the browser can tell, in a header that pages cannot set.
    """
    same_host = origin.partition("://")[2].lower() == headers.get("host", "").lower()
    return same_host or headers.get("sec-fetch-site") == "same-origin"
