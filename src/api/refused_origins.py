"""How pages of websites that are not in ALLOWED_ORIGINS are refused, and how their owners find out."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.responses import Response

from api.errors import error_response
from errors import OriginNotAllowed
from origins import is_origin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import Receive, Scope, Send

# Anybody can send any origin: an isolate logs no more of them than this.
MAX_LOGGED = 20

logger = logging.getLogger("voice_agent.origins")


class RefusedOrigins:
    """An ASGI application that responds to every request with `OriginNotAllowed`.

    Each origin is logged once, with the setting that would allow it. While ALLOWED_ORIGINS is empty, which
    is how a deployment starts, the page can read the refusal, and so the widget can say what is missing. Once
    the owner has listed websites, other websites can read nothing.
    """

    def __init__(self, allowed: tuple[str, ...], methods: Sequence[str], headers: Sequence[str]) -> None:
        """`allowed` is ALLOWED_ORIGINS; `methods` and `headers` are those that an allowed page may use."""
        self._allowed = allowed
        self._preflight = {
            "Access-Control-Allow-Methods": ", ".join(methods),
            "Access-Control-Allow-Headers": ", ".join(headers),
        }
        self._logged: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        origin = headers.get("origin", "")
        if not is_origin(origin):
            await error_response(OriginNotAllowed())(scope, receive, send)
            return
        readable = not self._allowed
        if readable and scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            response = Response(status_code=204, headers=self._preflight)
        else:
            self._log(origin)
            response = error_response(OriginNotAllowed(f"{OriginNotAllowed.message} {_advice(origin)}"))
        if readable:
            response.headers.update({"Access-Control-Allow-Origin": origin, "Vary": "Origin"})
        await response(scope, receive, send)

    def _log(self, origin: str) -> None:
        if origin in self._logged or len(self._logged) == MAX_LOGGED:
            return
        self._logged.add(origin)
        setting = ",".join((*self._allowed, origin))
        logger.warning(
            'Refused a page of %s. If this is your website, set ALLOWED_ORIGINS = "%s"', origin, setting
        )


def _advice(origin: str) -> str:
    return f"If it is yours, add {origin} to the setting ALLOWED_ORIGINS."
