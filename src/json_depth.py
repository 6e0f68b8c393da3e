"""A cap on how deep the JSON of a request is nested, kept before the parser sees it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from fastapi import Request
from fastapi.routing import APIRoute

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from fastapi import Response

_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"?', re.DOTALL)
_BRACKET = re.compile(rb"[\[\]{}]")


def nesting(text: bytes) -> int:
    """How deep the arrays and objects of a JSON text are nested; brackets within strings do not count."""
    depth = deepest = 0
    for bracket in _BRACKET.finditer(_STRING.sub(b"", text)):
        depth += 1 if bracket[0] in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


class ShallowJsonRequest(Request):
    """A request whose JSON is refused as invalid where it is nested deeper than `most` levels.

    The parser goes one level down its own stack for each level of the text, and WebAssembly's is short.
    """

    most = 1

    async def json(self) -> Any:  # noqa: ANN401 - JSON
        """The parsed body."""
        if nesting(await self.body()) > self.most:
            message = f"it is nested deeper than {self.most} levels"
            raise json.JSONDecodeError(message, "", 0)
        return await super().json()


class ShallowJsonRoute(APIRoute):
    """A route that takes such requests, with `MAX_JSON_DEPTH` levels."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler of one request."""
        handle = super().get_route_handler()

        async def handle_shallow(request: Request) -> Response:
            shallow = ShallowJsonRequest(request.scope, request.receive)
            shallow.most = request.app.state.agent_for(request.scope).settings.max_json_depth
            return await handle(shallow)

        return handle_shallow
