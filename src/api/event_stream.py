"""An answer as server-sent events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic_core import to_json

from api.errors import as_error
from api.schemas import ChatResponse, ErrorBody
from conversation import Turn

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from pydantic import BaseModel

EVENT_STREAM = "text/event-stream"


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
    return b"event: delta\ndata: %b\n\n" % to_json({"text": item})


def _format(name: str, body: BaseModel) -> bytes:
    """One server-sent event; JSON has no line breaks, so that its data is one line."""
    return f"event: {name}\ndata: {body.model_dump_json(by_alias=True)}\n\n".encode()
