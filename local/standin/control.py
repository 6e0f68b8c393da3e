"""`/_standin/…`: the stand-in's record and behaviour over HTTP, for use from another process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pydantic import TypeAdapter, ValidationError
from starlette.responses import JSONResponse, Response

from local.standin.faults import Behaviour

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from starlette.requests import Request

    from local.standin.faults import Behaviours
    from local.standin.record import RecordedRequest

_ONE_OR_MANY: TypeAdapter[Behaviour | list[Behaviour]] = TypeAdapter(Behaviour | list[Behaviour])


class Controlled(Protocol):
    """What is controlled."""

    behaviours: Behaviours

    @property
    def requests(self) -> Sequence[RecordedRequest]:
        """What was sent so far."""
        ...

    def forget_requests(self) -> None:
        """Empty the record."""
        ...

    def reset(self) -> None:
        """Empty the record and behave well again."""
        ...


async def control(standin: Controlled, request: Request) -> Response:
    """Answer one control request; 404 where there is no such call."""
    call = _CALLS.get((request.method, request.url.path))
    return await call(standin, request) if call else JSONResponse({"error": "No such call."}, 404)


async def _show_behaviour(standin: Controlled, _request: Request) -> Response:
    return JSONResponse([b.model_dump(exclude_unset=True) for b in standin.behaviours.waiting()])


async def _add_behaviour(standin: Controlled, request: Request) -> Response:
    try:
        added = _ONE_OR_MANY.validate_json(await request.body())
    except ValidationError as error:
        return JSONResponse({"error": str(error)}, 400)
    for behaviour in added if isinstance(added, list) else [added]:
        standin.behaviours.add(behaviour)
    return await _show_behaviour(standin, request)


async def _clear_behaviour(standin: Controlled, _request: Request) -> Response:
    standin.behaviours.clear()
    return Response(status_code=204)


async def _show_requests(standin: Controlled, _request: Request) -> Response:
    return JSONResponse([recorded.as_json() for recorded in standin.requests])


async def _forget_requests(standin: Controlled, _request: Request) -> Response:
    standin.forget_requests()
    return Response(status_code=204)


async def _reset(standin: Controlled, _request: Request) -> Response:
    standin.reset()
    return Response(status_code=204)


_CALLS: Mapping[tuple[str, str], Callable[[Controlled, Request], Awaitable[Response]]] = {
    ("GET", "/_standin/behaviour"): _show_behaviour,
    ("POST", "/_standin/behaviour"): _add_behaviour,
    ("DELETE", "/_standin/behaviour"): _clear_behaviour,
    ("GET", "/_standin/requests"): _show_requests,
    ("DELETE", "/_standin/requests"): _forget_requests,
    ("POST", "/_standin/reset"): _reset,
}
