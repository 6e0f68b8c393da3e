"""Which `Host` headers the local server accepts.

A website can let its own name point to 127.0.0.1 (DNS rebinding). Its pages would then be of the same origin
as the local server, and could spend the developer's key. Such a request carries the website's name as `Host`.
"""

from __future__ import annotations

import ipaddress
import logging
import re
from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = ("localhost", "127.0.0.1", "::1")
MISDIRECTED = 421

# An IPv6 address in brackets, or any other name, and perhaps a port (RFC 9110, section 7.2).
_HOST = re.compile(r"(?:\[([^\[\]]+)\]|([^:\[\]]*))(?::\d*)?")

logger = logging.getLogger("voice_agent.hosts")


class KnownHosts:
    """Passes requests for known hosts on to `app`, and refuses all others with 421."""

    def __init__(self, app: ASGIApp, bound: str, allowed: Iterable[str] = ()) -> None:
        """`bound` is the address the server listens on, and `allowed` are further host names.

        If `bound` stands for all addresses of this machine, each of them may be used, since a website can
        only have a name point to them.
        """
        self._app = app
        self._known = {name.lower() for name in (*LOOPBACK, bound, *allowed)}
        self._any_address = _is_unspecified(bound)
        self._told = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._knows(host_name(Headers(scope=scope).get("host", ""))):
            await self._app(scope, receive, send)
            return
        self._tell()
        body = {
            "error": "This host is not known. Start with --allow-host to allow it.",
            "code": "unknown_host",
        }
        await JSONResponse(body, MISDIRECTED)(scope, receive, send)

    def _knows(self, name: str) -> bool:
        return (name in self._known and bool(name)) or (self._any_address and _is_address(name))

    def _tell(self) -> None:
        """Log the first refusal. The name is left out, since whoever sent the request has chosen it."""
        if not self._told:
            self._told = True
            logger.warning("Refused a request for an unknown host; to allow one, add --allow-host NAME")


def host_name(header: str) -> str:
    """The name or address in a `Host` header, in lower case, without port and brackets; or ''."""
    host = _HOST.fullmatch(header)
    return (host[1] or host[2]).lower() if host else ""


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server that listens on `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _is_unspecified(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
