"""An answer as server-sent events."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fastapi.responses import StreamingResponse

from api_errors import as_error
from conversation import Turn
from schemas import ChatResponse, ErrorBody

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from pydantic import BaseModel
    from starlette.types import Receive, Scope, Send

EVENT_STREAM = "text/event-stream"


class EventStreamResponse(StreamingResponse):
    """A stream that does not look out for a visitor who leaves.

    The exchange comes to its end without one, and what looks out costs a group of tasks for each answer, and
    in the first one the import of all that such groups need.
    """

    media_type = EVENT_STREAM

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the stream to its end."""
        del scope, receive
        await self.stream_response(send)


def wants_events(accept: str) -> bool:
    """Whether an Accept header asks for a stream; `q=0` says that it does not."""
    kinds = (kind.replace(" ", "").lower().split(";") for kind in accept.split(","))
    return any(kind == EVENT_STREAM and "q=0" not in parameters for kind, *parameters in kinds)


async def events(first: str | Turn, rest: AsyncIterator[str | Turn]) -> AsyncGenerator[bytes]:
    """Yield `delta` events, then one `done`; or one `error`, after which nothing comes."""
    try:
        yield _event(first)
        async for item in rest:
            yield _event(item)
    except Exception as error:  # noqa: BLE001 - the status is sent: the error has to go into the stream
        shown = as_error(error)
        yield _format("error", ErrorBody(error=shown.message, code=shown.code))


def _event(item: str | Turn) -> bytes:
    if isinstance(item, Turn):
        return _format("done", ChatResponse.of(item))
    # No model: it would cost more than all else that is done for a piece.
    return _event_bytes("delta", json.dumps({"text": item}, ensure_ascii=False))


def _format(name: str, body: BaseModel) -> bytes:
    return _event_bytes(name, body.model_dump_json(by_alias=True))


def _event_bytes(name: str, data: str) -> bytes:
    """One server-sent event; JSON has no line breaks, so that `data` is one line."""
    return f"event: {name}\ndata: {data}\n\n".encode()
