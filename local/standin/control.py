"""`/_standin/…`: the stand-in's record and behaviours over HTTP, for use from another process."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError
from starlette.responses import JSONResponse, Response

from local.standin.behaviour import Behaviour

if TYPE_CHECKING:
    from starlette.requests import Request

    from local.standin.behaviour import Behaviours
    from local.standin.record import Record

PREFIX = "/_standin"
_ONE_OR_MANY: TypeAdapter[Behaviour | list[Behaviour]] = TypeAdapter(Behaviour | list[Behaviour])


@dataclass(frozen=True, slots=True)
class Control:
    """Shows and changes what a stand-in has recorded and how it behaves."""

    behaviours: Behaviours
    record: Record

    async def respond(self, request: Request) -> Response:
        """The response to one control call; 404 if there is no such call."""
        call = f"{request.method} {request.url.path.removeprefix(PREFIX)}"
        match call:
            case "GET /behaviour":
                return self._behaviours()
            case "POST /behaviour":
                return self._add(await request.body())
            case "GET /requests":
                return JSONResponse([recorded.as_json() for recorded in self.record.requests])
            case "DELETE /behaviour" | "DELETE /requests" | "POST /reset":
                return self._clear(call)
        return JSONResponse({"error": "There is no such call."}, 404)

    def _behaviours(self) -> Response:
        return JSONResponse([b.model_dump(exclude_unset=True) for b in self.behaviours.waiting()])

    def _add(self, body: bytes) -> Response:
        try:
            added = _ONE_OR_MANY.validate_json(body)
        except ValidationError as error:
            return JSONResponse({"error": str(error)}, 400)
        for behaviour in added if isinstance(added, list) else [added]:
            self.behaviours.add(behaviour)
        return self._behaviours()

    def _clear(self, call: str) -> Response:
        if call != "DELETE /requests":
            self.behaviours.clear()
        if call != "DELETE /behaviour":
            self.record.clear()
        return Response(status_code=204)
