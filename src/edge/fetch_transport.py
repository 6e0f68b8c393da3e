"""HTTP from inside the Worker: an httpx2 transport over the runtime's `fetch`.

The package httpx2-jsfetch does the same in every JavaScript runtime, but each piece of a stream costs many
times more there. This one also ends the request when it is cancelled or its response is closed early, so that
no model goes on writing, and charging for, an answer that nobody reads. docs/performance.md has the
measurements.
"""

from __future__ import annotations

import asyncio
import math
import time
from typing import TYPE_CHECKING, Any

import httpx2
import js
from pyodide.ffi import JsException, create_proxy

from channel import BatchingChannel
from edge.js_object import js_object
from responders.batched_stream import BATCH

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable

# The runtime sets these itself.
RUNTIME_HEADERS = frozenset({"accept-encoding", "connection", "content-length", "host", "user-agent"})
# These describe the body in transfer; `fetch` has already decoded it.
TRANSFER_HEADERS = ("content-encoding", "content-length", "transfer-encoding")
JSON = "application/json"
# Longer bodies are left to whoever reads them, piece by piece and only as far as they want.
MAX_WHOLE_BYTES = 65_536
# The extension of a request that holds JavaScript's FormData to be sent as its body.
FORM = "voice_agent.form"
# A response is read from the network no further than this ahead of its reader.
MAX_UNREAD_BYTES = 16_384


class FetchTransport(httpx2.AsyncBaseTransport):
    """Sends requests with `fetch`.

    The connect timeout applies until the headers have arrived, the read timeout to each piece of the body.
    Redirects are not followed. Raises httpx2's own errors.
    """

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """The response to `request`. The extension `BATCH` of a streamed response collects its pieces."""
        call = Call(request.extensions.get("timeout") or {})
        options = {
            "method": request.method,
            "headers": {
                name: value for name, value in request.headers.items() if name not in RUNTIME_HEADERS
            },
            "body": request.extensions.get(FORM) or await request.aread() or None,
            "signal": call.signal,
            "redirect": "manual",
        }
        return await received(call, js.fetch(str(request.url), js_object(options)))


async def received(call: Call, fetched: Awaitable[Any]) -> httpx2.Response:
    """JavaScript's response in Python. A JSON body of a moderate size is read here, any other is streamed."""
    response = await call.headers(fetched)
    headers = js.Object.fromEntries(response.headers).to_py()
    is_whole = headers.get("content-type", "").startswith(JSON) and _is_moderate(headers)
    for name in TRANSFER_HEADERS:
        headers.pop(name, None)
    if response.body and not is_whole:
        body = _Body(response.body, call)
        extensions = {BATCH: body.batch}
        return httpx2.Response(response.status, headers=headers, stream=body, extensions=extensions)
    return httpx2.Response(response.status, headers=headers, content=await call.read(response))


class Call:
    """One call of `fetch`, or of what calls it, and its timeouts."""

    def __init__(self, timeout: dict[str, float | None]) -> None:
        controller = js.AbortController.new()
        self.signal = controller.signal
        # Bound, because `setTimeout` calls it without its object.
        self.abort = controller.abort.bind(controller)
        self._connect, self._read = timeout.get("connect"), timeout.get("read")

    async def headers(self, fetched: Awaitable[Any]) -> Any:
        """JavaScript's Response, once its headers have arrived."""
        timer = self._timer(self._connect)
        try:
            return await fetched
        except JsException as error:
            kind = httpx2.ConnectTimeout if _is_abort(error) else httpx2.ConnectError
            raise kind(error.message) from error
        except asyncio.CancelledError:  # the caller's own time limit, for example
            self.abort()
            raise
        finally:
            js.clearTimeout(timer)

    async def read(self, response: Any) -> bytes:
        """The whole body of JavaScript's `response`."""
        timer = self._timer(self._read)
        try:
            return bytes((await response.arrayBuffer()).to_bytes())
        except JsException as error:
            raise _read_error(error) from error
        except asyncio.CancelledError:
            self.abort()
            raise
        finally:
            js.clearTimeout(timer)

    def watch(self) -> _Watchdog:
        """A running watchdog that aborts the call when the read timeout passes without a piece."""
        return _Watchdog(self, self._read)

    def _timer(self, seconds: float | None) -> Any:
        return js.setTimeout(self.abort, seconds * 1000) if seconds is not None else None


class _Body(httpx2.AsyncByteStream):
    """A body as it arrives; everything that has arrived since the last read is one piece.

    JavaScript pushes the pieces in, and Python is woken for several at a time once `batch` has been called:
    see `BatchingChannel`. Awaiting each would take two iterations of the event loop, which cost more than
    all other work on a piece. JavaScript pauses at `MAX_UNREAD_BYTES` until the reader is back.
    """

    def __init__(self, body: Any, call: Call) -> None:
        self._body = body
        self._call = call
        self._arrived = BatchingChannel()
        self.batch = self._arrived.batch
        self._ended = False
        self._unread = 0
        self._pause: Any = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self._start()
        async for pieces in self._arrived:
            yield b"".join(pieces)
            self._resume()

    async def aclose(self) -> None:
        """Abort the request unless its body has ended."""
        if not self._ended:
            self._call.abort()
            self._resume()

    def _start(self) -> None:
        write = create_proxy(self._write)
        sink = js.WritableStream.new(js_object({"write": write}))
        watchdog = self._call.watch()

        def ended(end: asyncio.Future[Any]) -> None:
            watchdog.stop()
            write.destroy()
            self._ended = True
            error = end.exception()
            self._arrived.close(_read_error(error) if error else None)

        self._watchdog = watchdog
        self._body.pipeTo(sink).add_done_callback(ended)

    def _write(self, piece: Any, _controller: Any) -> Any:
        """Pass `piece` on; the result is None, or a promise that is kept when there may be another one."""
        self._watchdog.reset()
        data = piece.to_bytes()
        self._arrived.put(data)
        self._unread += len(data)
        if self._unread < MAX_UNREAD_BYTES:
            return None
        self._watchdog.pause()
        self._pause = js.Promise.withResolvers()
        return self._pause.promise

    def _resume(self) -> None:
        self._unread = 0
        if self._pause:
            self._watchdog.reset()
            self._pause.resolve()
            self._pause = None


class _Watchdog:
    """Aborts a call after a period of silence.

    When its single timer fires, it checks how long the silence has lasted. Setting a timer for each piece
    would cost more than reading the piece.
    """

    def __init__(self, call: Call, seconds: float | None) -> None:
        self._call = call
        self._seconds = seconds
        self._check_proxy = create_proxy(self._check)
        self._timer: Any = None
        self._last: float | None = None
        self.reset()
        self._set_timer(seconds)

    def reset(self) -> None:
        """Start the period again."""
        self._last = time.monotonic()

    def pause(self) -> None:
        """Let the silence last until the next `reset`."""
        self._last = None

    def stop(self) -> None:
        """Stop watching."""
        js.clearTimeout(self._timer)
        self._check_proxy.destroy()

    def _check(self) -> None:
        silence = 0 if self._last is None else time.monotonic() - self._last
        left = (self._seconds or 0) - silence
        if left > 0:
            self._set_timer(left)
        else:
            self._call.abort()

    def _set_timer(self, seconds: float | None) -> None:
        if seconds is not None:
            self._timer = js.setTimeout(self._check_proxy, math.ceil(seconds * 1000))


def _is_moderate(headers: dict[str, str]) -> bool:
    """Whether the body is known to have at most MAX_WHOLE_BYTES; how many an encoded one has is unknown."""
    length = headers.get("content-length", "")
    return "content-encoding" not in headers and length.isdecimal() and int(length) <= MAX_WHOLE_BYTES


def _is_abort(error: Any) -> bool:
    return str(getattr(error, "name", "")) == "AbortError"


def _read_error(error: Any) -> httpx2.TransportError:
    kind = httpx2.ReadTimeout if _is_abort(error) else httpx2.ReadError
    return kind(str(getattr(error, "message", error)))
