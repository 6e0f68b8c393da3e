"""From the Workers runtime to ASGI: a JavaScript request in, a JavaScript response out.

The SDK has a bridge for any ASGI application. It starts and stops the application with each request and waits
for the reader at each piece of a response; ours needs neither, and an exchange costs a fifth less without.
See docs/decisions/0012-a-bridge-of-our-own.md.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import js
import workers
from pyodide.ffi import to_js
from starlette.requests import ClientDisconnect

from api.errors import ResponseBrokenOff
from edge.js_object import js_object
from edge.request_body import BODY, RequestBody
from edge.response_stream import stream_for

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from starlette.types import ASGIApp, Message, Scope

    from edge.response_stream import Stream

# Statuses for which the Fetch standard allows no body.
NO_BODY = frozenset({204, 205, 304})

logger = logging.getLogger("voice_agent.worker")


async def respond(app: ASGIApp, request: Any, env: Any, *, max_body_bytes: int) -> Any:
    """The JavaScript Response of `app` to the JavaScript `request`; `env` becomes `scope["env"]`.

    The application receives the whole body at once. Of a body longer than `max_body_bytes` it receives the
    beginning, which is also longer than that. Instead of receiving it, the application may use the
    `RequestBody` in the scope. What it leaves unread is read here, so that its response arrives. Raises what
    the application raises before its response begins.
    """
    headers = js.Object.fromEntries(request.headers).to_py()
    body = RequestBody(request, headers)
    call = _Call(body, max_body_bytes)
    running = eager_task(call.run(app, _scope(request, headers, env, body)))
    try:
        response = await call.response
        if not running.done():
            workers.wait_until(running)
    finally:
        await body.drain()
    return response


class _Call:
    """One request, as the application sees it, and the response it gives."""

    def __init__(self, body: RequestBody, max_body_bytes: int) -> None:
        # A plain future: Pyodide's own kind takes an extra iteration of the event loop.
        self.response: asyncio.Future[Any] = asyncio.Future()
        self._body: RequestBody | None = body
        self._max_body_bytes = max_body_bytes
        self._start: Message = {}
        self._stream: Stream | None = None

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
        if not isinstance(error, ClientDisconnect | ResponseBrokenOff):
            logger.error("The application failed", exc_info=error)
        if self._stream:
            self._stream.fail()

    def _end(self) -> None:
        if self._stream:
            self._stream.close()
        elif not self.response.done():
            self.response.set_exception(RuntimeError("The application sent no response"))

    async def _receive(self) -> Message:
        while self._body is None:
            await asyncio.Future()  # a visitor who leaves is noticed when the next piece is sent
        body, self._body = self._body, None
        try:
            received = await body.read(self._max_body_bytes)
        except ClientDisconnect:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": received, "more_body": False}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        elif self._stream:
            await self._stream.write(message["body"])
        elif message.get("more_body"):
            self._stream = stream_for(self._content_type())
            self._respond(self._stream.readable)
            await self._stream.write(message["body"])
        else:
            self._respond(None if self._start["status"] in NO_BODY else to_js(message.get("body", b"")))

    def _content_type(self) -> str:
        headers: list[tuple[bytes, bytes]] = self._start["headers"]
        return next((value.decode("latin-1") for name, value in headers if name == b"content-type"), "")

    def _respond(self, body: Any) -> None:
        headers = [
            [name.decode("latin-1"), value.decode("latin-1")] for name, value in self._start["headers"]
        ]
        options = js_object({"status": self._start["status"], "headers": headers})
        self.response.set_result(js.Response.new(body, options))


def _scope(request: Any, headers: dict[str, str], env: Any, body: RequestBody) -> Scope:
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
        BODY: body,
    }


def eager_task(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """`work` as a task that has already started: the event loop would take two iterations."""
    task: Any = asyncio.Task  # eager_start exists since Python 3.12; we are checked against 3.11
    started: asyncio.Task[None] = task(work, loop=asyncio.get_running_loop(), eager_start=True)
    return started
