"""HTTP into the Worker: a request of the runtime, answered by an ASGI application.

The SDK's bridge is there for every application: it starts and stops each with every request, and waits for
a reader at each piece of a response. Ours needs neither, and an exchange costs a fifth less without. See
docs/decisions/0012-a-bridge-of-our-own.md.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import js
import workers
from pyodide.ffi import JsException, create_once_callable, to_js
from starlette.requests import ClientDisconnect

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from starlette.types import ASGIApp, Message, Scope

# Statuses that the Fetch standard allows no body with.
EMPTY = frozenset({204, 205, 304})

logger = logging.getLogger("voice_agent.worker")


async def answer(app: ASGIApp, request: Any, env: Any, *, most: int) -> Any:  # noqa: ANN401 - JavaScript's
    """JavaScript's Response of `app` to JavaScript's `request`; `env` becomes `scope["env"]`.

    The app gets the whole body at once: of one that is longer than `most` bytes its beginning, which is
    longer than that too. Raises what the app raises before its response begins.
    """
    headers = js.Object.fromEntries(request.headers).to_py()
    call = _Call(await _body(request, headers.get("content-length", ""), most))
    running = eager_task(call.run(app, _scope(request, headers, env)))
    response = await call.response
    if not running.done():
        workers.wait_until(running)
    return response


class _Call:
    """What the app is told of one request, and what it answers."""

    def __init__(self, body: bytes) -> None:
        # Not the event loop's own kind of future, which takes a turn of the loop to be counted.
        self.response: asyncio.Future[Any] = asyncio.Future()
        self._received: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
        self._start: Message = {}
        self._stream: _Stream | None = None

    async def run(self, app: ASGIApp, scope: Scope) -> None:
        try:
            await app(scope, self._receive, self._send)
        except Exception as error:  # noqa: BLE001 - it is raised again, or logged
            self._fail(error)
        else:
            self._end()

    def _fail(self, error: Exception) -> None:
        if not self.response.done():
            self.response.set_exception(error)
            return
        if not isinstance(error, ClientDisconnect):
            logger.error("The application failed after its response had begun", exc_info=error)
        if self._stream:
            self._stream.fail()

    def _end(self) -> None:
        if self._stream:
            self._stream.close()
        elif not self.response.done():
            self.response.set_exception(RuntimeError("The application gave no response"))

    async def _receive(self) -> Message:
        if not self._received:
            await asyncio.Future()  # who has left is noticed where the next piece is sent
        return self._received.pop()

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        elif self._stream:
            self._stream.write(message["body"])
        elif message.get("more_body"):
            self._stream = _Stream()
            self._stream.write(message["body"])
            self._respond(self._stream.readable)
        else:
            self._respond(None if self._start["status"] in EMPTY else to_js(message.get("body", b"")))

    def _respond(self, body: Any) -> None:  # noqa: ANN401 - JavaScript's
        headers = [
            [name.decode("latin-1"), value.decode("latin-1")] for name, value in self._start["headers"]
        ]
        options = to_js(
            {"status": self._start["status"], "headers": headers}, dict_converter=js.Object.fromEntries
        )
        self.response.set_result(js.Response.new(body, options))


class _Stream:
    """A response body that is written piece by piece. Nobody is waited for: what a model writes is capped."""

    def __init__(self) -> None:
        controllers: list[Any] = []
        source = {"start": create_once_callable(controllers.append)}
        self.readable = js.ReadableStream.new(to_js(source, dict_converter=js.Object.fromEntries))
        (self._controller,) = controllers
        self._enqueue = self._controller.enqueue  # looked up once: it would cost as much as the call

    def write(self, piece: bytes) -> None:
        """Add `piece`; raises `OSError` where the reader has gone, as ASGI 2.4 wants it."""
        if not piece:
            return
        try:
            self._enqueue(to_js(piece))
        except JsException as error:
            raise OSError("The reader has gone") from error

    def close(self) -> None:
        """Say that this was all; without a reader it is a no-op."""
        with suppress(JsException):
            self._controller.close()

    def fail(self) -> None:
        """Break off, so that who reads does not take it for the end; without a reader it is a no-op."""
        with suppress(JsException):
            self._controller.error(js.Error.new("The response broke off"))


def _scope(request: Any, headers: dict[str, str], env: Any) -> Scope:  # noqa: ANN401 - JavaScript's
    url = urlsplit(request.url)
    return {
        "type": "http",
        # From 2.4 on `send` tells who has left, and nobody listens for it.
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": url.scheme,
        "path": unquote(url.path),
        "raw_path": url.path.encode(),
        "query_string": url.query.encode(),
        # The runtime has read them as UTF-8.
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "env": env,
    }


def eager_task(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """`work` as a task that has begun: the event loop would take two turns to begin and to count it."""
    task: Any = asyncio.Task  # eager since Python 3.12, and the types are those of 3.11
    started: asyncio.Task[None] = task(work, loop=asyncio.get_running_loop(), eager_start=True)
    return started


async def _body(request: Any, announced: str, most: int) -> bytes:  # noqa: ANN401 - JavaScript's Request
    if announced.isdecimal() and int(announced) <= most:
        return bytes((await request.arrayBuffer()).to_bytes())
    if not request.body:
        return b""
    pieces, size = [], 0
    async for piece in request.body:
        pieces.append(piece.to_bytes())
        size += piece.byteLength
        if size > most:
            break
    return b"".join(pieces)
