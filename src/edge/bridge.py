"""From the Workers runtime to ASGI: a JavaScript request in, a JavaScript response out.

The SDK has a bridge for any ASGI application. It starts and stops the application with each request and waits
for the reader at each piece of a response; ours needs neither, and an exchange costs a fifth less without.
See docs/decisions/0012-a-bridge-of-our-own.md.
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

# Statuses for which the Fetch standard allows no body.
NO_BODY = frozenset({204, 205, 304})

logger = logging.getLogger("voice_agent.worker")


async def respond(app: ASGIApp, request: Any, env: Any, *, max_body_bytes: int) -> Any:
    """The JavaScript Response of `app` to the JavaScript `request`; `env` becomes `scope["env"]`.

    The application receives the whole body at once. Of a body longer than `max_body_bytes` it receives the
    beginning, which is also longer than that. Raises what the application raises before its response begins.
    """
    headers = js.Object.fromEntries(request.headers).to_py()
    call = _Call(await _read_body(request, headers.get("content-length", ""), max_body_bytes))
    running = eager_task(call.run(app, _scope(request, headers, env)))
    response = await call.response
    if not running.done():
        workers.wait_until(running)
    return response


class _Call:
    """One request, as the application sees it, and the response it gives."""

    def __init__(self, body: bytes) -> None:
        # A plain future: the event loop's own kind takes a turn of the loop to be counted.
        self.response: asyncio.Future[Any] = asyncio.Future()
        self._received: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
        self._start: Message = {}
        self._stream: _Stream | None = None

    async def run(self, app: ASGIApp, scope: Scope) -> None:
        try:
            await app(scope, self._receive, self._send)
        except Exception as error:  # noqa: BLE001 - raised to the caller, or logged
            self._fail(error)
        else:
            self._end()

    def _fail(self, error: Exception) -> None:
        if not self.response.done():
            self.response.set_exception(error)
            return
        if not isinstance(error, ClientDisconnect):
            logger.error("The application failed after it had started to respond", exc_info=error)
        if self._stream:
            self._stream.fail()

    def _end(self) -> None:
        if self._stream:
            self._stream.close()
        elif not self.response.done():
            self.response.set_exception(RuntimeError("The application sent no response"))

    async def _receive(self) -> Message:
        if not self._received:
            await asyncio.Future()  # a visitor who leaves is noticed when the next piece is sent
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
            self._respond(None if self._start["status"] in NO_BODY else to_js(message.get("body", b"")))

    def _respond(self, body: Any) -> None:
        headers = [
            [name.decode("latin-1"), value.decode("latin-1")] for name, value in self._start["headers"]
        ]
        options = to_js(
            {"status": self._start["status"], "headers": headers}, dict_converter=js.Object.fromEntries
        )
        self.response.set_result(js.Response.new(body, options))


class _Stream:
    """A response body written piece by piece. Writing does not wait, since a model's answer is capped."""

    def __init__(self) -> None:
        controllers: list[Any] = []
        source = {"start": create_once_callable(controllers.append)}
        self.readable = js.ReadableStream.new(to_js(source, dict_converter=js.Object.fromEntries))
        (self._controller,) = controllers
        self._enqueue = self._controller.enqueue  # looking it up costs as much as calling it

    def write(self, piece: bytes) -> None:
        """Add `piece`; raises `OSError` if the reader has left, as ASGI 2.4 requires."""
        if not piece:
            return
        try:
            self._enqueue(to_js(piece))
        except JsException as error:
            raise OSError("The reader has left") from error

    def close(self) -> None:
        """End the body; without a reader this is a no-op."""
        with suppress(JsException):
            self._controller.close()

    def fail(self) -> None:
        """Break off, so that a reader does not take this for the end; without a reader this is a no-op."""
        with suppress(JsException):
            self._controller.error(js.Error.new("The response broke off"))


def _scope(request: Any, headers: dict[str, str], env: Any) -> Scope:
    url = urlsplit(request.url)
    return {
        "type": "http",
        # From version 2.4 on, `send` reports a reader who has left, and nothing has to listen for it.
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": request.method,
        "scheme": url.scheme,
        "path": unquote(url.path),
        "raw_path": url.path.encode(),
        "query_string": url.query.encode(),
        # The runtime decodes header values as UTF-8.
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "env": env,
    }


def eager_task(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """`work` as a task that has already started: the event loop would take two turns to start it."""
    task: Any = asyncio.Task  # eager_start exists since Python 3.12; we are checked against 3.11
    started: asyncio.Task[None] = task(work, loop=asyncio.get_running_loop(), eager_start=True)
    return started


async def _read_body(request: Any, announced: str, max_bytes: int) -> bytes:
    if announced.isdecimal() and int(announced) <= max_bytes:
        return bytes((await request.arrayBuffer()).to_bytes())
    if not request.body:
        return b""
    pieces, size = [], 0
    async for piece in request.body:
        pieces.append(piece.to_bytes())
        size += piece.byteLength
        if size > max_bytes:
            break
    return b"".join(pieces)
