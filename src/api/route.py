"""What the routes of the API share: the services they use, and the caps on a request body.

FastAPI reads bodies and parameters as usual; only the request it reads them from is ours (FastAPI's
documentation, 'Custom Request and APIRoute class').
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import AsyncGenerator, Callable, Coroutine
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Request
from fastapi.routing import APIRoute
from pydantic_core import from_json
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Scope

from errors import BodyTooLarge
from services import Services

if TYPE_CHECKING:
    from fastapi import Response

    from settings import Settings

ServicesFor = Callable[[Scope], Services]

PREFIX = "/api/voice-agent"

logger = logging.getLogger("voice_agent.http")

_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"?', re.DOTALL)
_BRACKET = re.compile(rb"[\[\]{}]")


async def current_services(request: Request) -> Services:
    """The services for this request; raises `ConfigurationError` if they cannot be built.

    The Worker knows its bindings, and so its services, only with the first request.
    """
    services_for: ServicesFor = request.app.state.services_for
    return services_for(request.scope)


CurrentServices = Annotated[Services, Depends(current_services)]


class ApiRoute(APIRoute):
    """A route whose request body is capped by the setting that `body_cap` reads."""

    body_cap: Callable[[Settings], int] = attrgetter("max_body_bytes")

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's handler, given a request that enforces the caps."""
        handle, body_cap = super().get_route_handler(), type(self).body_cap

        async def handle_capped(request: Request) -> Response:
            settings = (await current_services(request)).settings
            return await handle(CappedRequest(request, body_cap(settings), settings.max_json_depth))

        return handle_capped


class CappedRequest(Request):
    """A request that reads at most `max_bytes`, and JSON nested at most `max_depth` deep."""

    def __init__(self, request: Request, max_bytes: int, max_depth: int) -> None:
        super().__init__(request.scope, request.receive)
        self._max_bytes = max_bytes
        self._max_depth = max_depth

    async def stream(self) -> AsyncGenerator[bytes, None]:
        """The body; raises 413 as soon as its Content-Length or the bytes so far show that it is too long."""
        left = self._max_bytes
        announced = self.headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > left:
            raise HTTPException(BodyTooLarge.status)
        try:
            async for chunk in super().stream():
                left -= len(chunk)
                if left < 0:
                    raise HTTPException(BodyTooLarge.status)
                yield chunk
        except ClientDisconnect as error:
            raise request_cut_off() from error

    async def json(self) -> Any:
        """The body as JSON. Raises `json.JSONDecodeError`, and `ValueError` if it is not UTF-8."""
        text = await self.body()
        # The parser recurses once for each level, and WebAssembly's stack is short.
        if nesting(text) > self._max_depth:
            raise json.JSONDecodeError(f"it is nested more than {self._max_depth} levels deep", "", 0)
        try:
            return from_json(text)
        except ValueError:  # Python's parser accepts lone surrogates, and says better what is wrong
            return json.loads(text.decode())


def request_cut_off() -> HTTPException:
    """The error, which nobody will see, for a visitor who left while sending a request; logs that."""
    logger.info("A visitor left while sending a request")
    return HTTPException(400, "The request is incomplete.")


def nesting(text: bytes) -> int:
    """How deeply the arrays and objects of a JSON text are nested; brackets in strings do not count."""
    depth = deepest = 0
    for bracket in _BRACKET.finditer(_STRING.sub(b"", text)):
        depth += 1 if bracket[0] in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest
