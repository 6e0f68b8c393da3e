"""The route class of the API: how long a request body may be, and how deeply its JSON may be nested.

FastAPI reads bodies and parameters as usual; only the request it reads them from is ours (FastAPI's
documentation, 'Custom Request and APIRoute class').
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from fastapi import Request
from fastapi.routing import APIRoute
from pydantic_core import from_json
from starlette.exceptions import HTTPException

from api.services import current_services
from errors import BodyTooLarge

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Coroutine

    from fastapi import Response

    from settings import Settings

PREFIX = "/api/voice-agent"

_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"?', re.DOTALL)
_BRACKET = re.compile(rb"[\[\]{}]")


class ApiRoute(APIRoute):
    """A route whose request body is capped. A route with a cap of its own overrides `max_body_bytes`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's handler, given a request that enforces the caps."""
        handle = super().get_route_handler()

        async def handle_capped(request: Request) -> Response:
            settings = (await current_services(request)).settings
            return await handle(
                CappedRequest(request, self.max_body_bytes(settings), settings.max_json_depth)
            )

        return handle_capped

    def max_body_bytes(self, settings: Settings) -> int:
        """The longest body this route accepts."""
        return settings.max_body_bytes


class CappedRequest(Request):
    """A request that reads at most `max_bytes`, and JSON nested at most `max_depth` deep."""

    def __init__(self, request: Request, max_bytes: int, max_depth: int) -> None:
        super().__init__(request.scope, request.receive)
        self._max_bytes = max_bytes
        self._max_depth = max_depth

    async def stream(self) -> AsyncGenerator[bytes, None]:
        """The body; raises 413 as soon as its Content-Length or the bytes so far show that it is too long."""
        announced = self.headers.get("content-length", "")
        self._check_size(int(announced) if announced.isdecimal() else 0)
        received = 0
        async for chunk in super().stream():
            received += len(chunk)
            self._check_size(received)
            yield chunk

    async def json(self) -> Any:
        """The body as JSON. Raises `json.JSONDecodeError`, and `ValueError` if it is not UTF-8."""
        text = await self.body()
        # The parser recurses once for each level, and WebAssembly's stack is short.
        if nesting(text) > self._max_depth:
            raise json.JSONDecodeError(f"it is nested deeper than {self._max_depth} levels", "", 0)
        try:
            return from_json(text)
        except ValueError:  # Python's parser accepts lone surrogates, and says better what is wrong
            return json.loads(text.decode())

    def _check_size(self, size: int) -> None:
        if size > self._max_bytes:
            # FastAPI passes on no other type of exception raised while it reads a body.
            raise HTTPException(BodyTooLarge.status)


def nesting(text: bytes) -> int:
    """How deeply the arrays and objects of a JSON text are nested; brackets in strings do not count."""
    depth = deepest = 0
    for bracket in _BRACKET.finditer(_STRING.sub(b"", text)):
        depth += 1 if bracket[0] in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest
