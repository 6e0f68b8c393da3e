"""A Worker behind the bridge whose application echoes requests and responds in every possible way."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

from starlette.responses import Response, StreamingResponse
from workers import WorkerEntrypoint

from edge.bridge import respond

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from starlette.types import Receive, Scope, Send

MAX_BODY = 1000
FAILURES = {"broken": ValueError, "unreadable": OSError}
AUDIO_BYTES, PIECE_BYTES = 48_000_000, 48_000
# How much of the last audio has been written.
written = [0]
ends: asyncio.Queue[str] = asyncio.Queue()


WHOLE: dict[str, Callable[[], Response]] = {
    "empty": lambda: Response(status_code=204),
    "bytes": lambda: Response(
        bytes(range(256)), media_type="application/octet-stream", headers={"x-n": "caf\u00e9"}
    ),
    "late": lambda: Response("whole"),
    "written": lambda: Response(str(written[0])),
}


class Default(WorkerEntrypoint):
    """The path selects the response."""

    async def fetch(self, request: Any) -> Any:
        """Respond to one request."""
        return await respond(app, request.js_object, self.env, max_body_bytes=MAX_BODY)


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Respond as the last part of the path says."""
    kind = scope["path"].rpartition("/")[2]
    if kind == "raises":
        raise ValueError(kind)
    if kind != "silent":
        await (await _response(kind, scope, receive))(scope, receive, send)
    if kind == "late":
        raise ValueError(kind)


async def _response(kind: str, scope: Scope, receive: Receive) -> Response:
    if kind in WHOLE:
        return WHOLE[kind]()
    if kind == "end":
        return Response(await ends.get())
    if kind in {"pieces", "endless", "broken", "unreadable"}:
        return StreamingResponse(_pieces(kind))
    if kind == "audio":
        return StreamingResponse(_audio(), media_type="audio/pcm")
    body = (await receive())["body"].decode()
    told = {name: str(value) for name, value in scope.items() if name not in {"env", "headers"}}
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    return Response(json.dumps({**told, "headers": headers, "body": body, "env": scope["env"].NAME}))


async def _audio() -> AsyncGenerator[bytes]:
    written[0] = 0
    try:
        for _ in range(AUDIO_BYTES // PIECE_BYTES):
            yield bytes(PIECE_BYTES)
            written[0] += PIECE_BYTES
        ends.put_nowait("all was sent")
    except GeneratorExit:
        ends.put_nowait("the visitor left")
        raise


async def _pieces(kind: str) -> AsyncGenerator[bytes]:
    ended = "it broke"
    try:
        for number in range(3 if kind == "pieces" else 200):
            yield b"piece %d;" % number
            if kind in FAILURES:
                raise FAILURES[kind](kind)
            await asyncio.sleep(0.01)
        ended = "all was sent"
    except GeneratorExit:
        ended = "the visitor left"
        raise
    finally:
        if kind == "endless":
            ends.put_nowait(ended)
