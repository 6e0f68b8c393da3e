"""JSON bodies: read and checked in one step, and refused before that where they are nested too deep."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.requests import ClientDisconnect

from api.current_agent import current_agent

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from fastapi import Request, Response

_STRING = re.compile(rb'"(?:[^"\\]|\\.)*"?', re.DOTALL)
_BRACKET = re.compile(rb"[\[\]{}]")
_JSON = re.compile(r"application/(.+\+)?json\s*(;|$)", re.IGNORECASE)


class JsonRoute(APIRoute):
    """A route whose endpoint, where it takes a JSON body, is `endpoint(body, request, agent)`.

    FastAPI documents it as any other. It would parse the body into Python's objects, check those, and look
    through the endpoint's parameters with each request; the model reads the JSON itself, in a third of the
    time (docs/performance.md).
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler of one request."""
        model = self.body_field.field_info.annotation if self.body_field else None
        if not (isinstance(model, type) and issubclass(model, BaseModel)):
            return super().get_route_handler()

        async def handle(request: Request) -> Response:
            agent = await current_agent(request)
            body = await _read(request, model, agent.settings.max_json_depth)
            response: Response = await self.endpoint(body, request, agent)
            return response

        return handle


def nesting(text: bytes) -> int:
    """How deep the arrays and objects of a JSON text are nested; brackets within strings do not count."""
    depth = deepest = 0
    for bracket in _BRACKET.finditer(_STRING.sub(b"", text)):
        depth += 1 if bracket[0] in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest


async def _read(request: Request, model: type[BaseModel], deepest: int) -> BaseModel:
    """The body as `model`; raises `RequestValidationError` as the framework does."""
    try:
        text = await request.body()
    except ClientDisconnect as error:
        raise _invalid_json("it ends too early") from error
    if not text or not _JSON.match(request.headers.get("content-type", "")):
        raise RequestValidationError([{"type": "missing", "loc": ("body",), "msg": "No JSON"}])
    # The parser goes one level down its own stack for each level of the text, and WebAssembly's is short.
    if nesting(text) > deepest:
        raise _invalid_json(f"it is nested deeper than {deepest} levels")
    with suppress(ValidationError):
        return model.model_validate_json(text)
    return _read_again(text, model)


def _read_again(text: bytes, model: type[BaseModel]) -> BaseModel:
    """What the model's own parser refuses: Python's takes half a character, and says what else is wrong."""
    try:
        return model.model_validate(json.loads(text.decode()))
    except json.JSONDecodeError as error:
        raise _invalid_json(error.msg) from error
    except ValidationError as error:
        problems = error.errors(include_url=False)
        raise RequestValidationError([{**p, "loc": ("body", *p["loc"])} for p in problems]) from error
    except ValueError as error:
        raise _invalid_json("it is no UTF-8, or holds a number that is too long") from error


def _invalid_json(why: str) -> RequestValidationError:
    return RequestValidationError(
        [{"type": "json_invalid", "loc": ("body",), "msg": why, "ctx": {"error": why}}]
    )
