"""An answer as server-sent events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi.sse import format_sse_event

from api_errors import as_error
from conversation import Turn
from schemas import ChatResponse, Delta, ErrorBody

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from pydantic import BaseModel

EVENT_STREAM = "text/event-stream"


async def events(first: str | Turn, rest: AsyncIterator[str | Turn]) -> AsyncGenerator[bytes]:
    """Yield `delta` events, then one `done`; or one `error`, after which nothing comes."""
    yield _event(first)
    try:
        async for item in rest:
            yield _event(item)
    except Exception as error:  # noqa: BLE001 - the status is sent: the error has to go into the stream
        shown = as_error(error)
        yield _format("error", ErrorBody(error=shown.message, code=shown.code))


def _event(item: str | Turn) -> bytes:
    if isinstance(item, Turn):
        return _format("done", ChatResponse.of(item))
    return _format("delta", Delta(text=item))


def _format(name: str, body: BaseModel) -> bytes:
    return format_sse_event(data_str=body.model_dump_json(by_alias=True), event=name)
