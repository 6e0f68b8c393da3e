"""HTTP from inside the Worker: an httpx2 transport over the runtime's `fetch`.

It does what httpx2-jsfetch does, which is there for every JavaScript runtime, at a fraction of the cost for
each piece of a stream; and a response that is closed early ends the request, so that nobody goes on writing,
and charging for, an answer that nobody reads. Measured in docs/performance.md.
"""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING, Any

import httpx2
import js
from pyodide.ffi import JsException, create_proxy, to_js

from channel import Channel

if TYPE_CHECKING:
    import asyncio
    from collections.abc import AsyncIterator, Awaitable

# The runtime sets them itself.
SET_BY_RUNTIME = frozenset({"accept-encoding", "connection", "content-length", "host", "user-agent"})
# What told of the body as it travelled: `fetch` hands it on decoded.
OF_THE_JOURNEY = ("content-encoding", "content-length", "transfer-encoding")
JSON = "application/json"


class FetchTransport(httpx2.AsyncBaseTransport):
    """Sends requests with `fetch`.

    The connect timeout holds until the headers are there, the read timeout for each piece of the body.
    Raises httpx2's own errors.
    """

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send `request`; the body of the response is read later, unless it is JSON, which is read whole."""
        call = _Call(request.extensions.get("timeout") or {})
        options = {
            "method": request.method,
            "headers": {name: value for name, value in request.headers.items() if name not in SET_BY_RUNTIME},
            "body": await request.aread() or None,
            "signal": call.signal,
        }
        sending = js.fetch(str(request.url), to_js(options, dict_converter=js.Object.fromEntries))
        response = await call.headers(sending)
        headers = js.Object.fromEntries(response.headers).to_py()
        for name in OF_THE_JOURNEY:
            headers.pop(name, None)
        if response.body and not headers.get("content-type", "").startswith(JSON):
            return httpx2.Response(response.status, headers=headers, stream=_Pieces(response, call))
        return httpx2.Response(response.status, headers=headers, content=await call.whole(response))


class _Call:
    """One `fetch`, which ends where it takes too long."""

    def __init__(self, timeout: dict[str, float | None]) -> None:
        controller = js.AbortController.new()
        self.signal = controller.signal
        # Bound, since `setTimeout` is given it without its owner.
        self.abort = controller.abort.bind(controller)
        self._connect, self._read = timeout.get("connect"), timeout.get("read")

    async def headers(self, sending: Awaitable[Any]) -> Any:
        timer = self._timer(self._connect)
        try:
            return await sending
        except JsException as error:
            kind = httpx2.ConnectTimeout if _is_abort(error) else httpx2.ConnectError
            raise kind(error.message) from error
        finally:
            js.clearTimeout(timer)

    async def whole(self, response: Any) -> bytes:
        timer = self._timer(self._read)
        try:
            return bytes((await response.arrayBuffer()).to_bytes())
        except JsException as error:
            raise _read_error(error) from error
        finally:
            js.clearTimeout(timer)

    def watch(self) -> _Watch:
        """What ends the call where too long nothing comes."""
        return _Watch(self, self._read)

    def _timer(self, seconds: float | None) -> Any:
        return js.setTimeout(self.abort, seconds * 1000) if seconds is not None else None


class _Pieces(httpx2.AsyncByteStream):
    """A body as it comes; what has come since the last look is one piece.

    JavaScript pushes each piece as soon as it is there. Awaiting each would take two turns of Python's event
    loop, which cost more than all else that is done for a piece. Nothing holds the sender back: what a model
    writes is capped and small.
    """

    def __init__(self, response: Any, call: _Call) -> None:
        self._body = response.body
        self._call = call
        self._arrived: Channel[bytes] = Channel()
        self._ended = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self._begin()
        while pieces := await self._arrived.take():
            yield b"".join(pieces)

    async def aclose(self) -> None:
        if not self._ended:
            self._call.abort()

    def _begin(self) -> None:
        take = create_proxy(self._take)
        sink = js.WritableStream.new(to_js({"write": take}, dict_converter=js.Object.fromEntries))
        watch = self._call.watch()

        def ended(end: asyncio.Future[Any]) -> None:
            watch.stop()
            take.destroy()
            self._ended = True
            error = end.exception()
            self._arrived.close(_read_error(error) if error else None)

        self._watch = watch
        self._body.pipeTo(sink).add_done_callback(ended)

    def _take(self, piece: Any, _: Any) -> None:
        self._watch.heard()
        self._arrived.put(piece.to_bytes())


class _Watch:
    """Ends a call that has been silent for too long.

    It has one timer, which looks when it is over how long the silence is: setting one for each piece would
    cost more than reading it.
    """

    def __init__(self, call: _Call, seconds: float | None) -> None:
        self._call = call
        self._seconds = seconds
        self._look = create_proxy(self._look_again)
        self._timer: Any = None
        self.heard()
        self._wait(seconds)

    def heard(self) -> None:
        """Begin to count anew."""
        self._last = time.monotonic()

    def stop(self) -> None:
        """Count no more."""
        js.clearTimeout(self._timer)
        self._look.destroy()

    def _look_again(self) -> None:
        left = (self._seconds or 0) - (time.monotonic() - self._last)
        if left > 0:
            self._wait(left)
        else:
            self._call.abort()

    def _wait(self, seconds: float | None) -> None:
        if seconds is not None:
            self._timer = js.setTimeout(self._look, math.ceil(seconds * 1000))


def _is_abort(error: Any) -> bool:
    return str(getattr(error, "name", "")) == "AbortError"


def _read_error(error: Any) -> httpx2.TransportError:
    kind = httpx2.ReadTimeout if _is_abort(error) else httpx2.ReadError
    return kind(str(getattr(error, "message", error)))
