"""HTTP from inside the Worker: an httpx2 transport over the runtime's `fetch`.

It does what httpx2-jsfetch does, which is there for every JavaScript runtime, at a fraction of the cost for
each piece of a stream; and a response that is closed early ends the request, so that nobody goes on writing,
and charging for, an answer that nobody reads. Measured in docs/performance.md.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import httpx2
import js
from pyodide.ffi import JsException, create_proxy, to_js

if TYPE_CHECKING:
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

    async def headers(self, sending: Awaitable[Any]) -> Any:  # noqa: ANN401 - JavaScript's Response
        timer = self._timer(self._connect)
        try:
            return await sending
        except JsException as error:
            kind = httpx2.ConnectTimeout if _is_abort(error) else httpx2.ConnectError
            raise kind(error.message) from error
        finally:
            js.clearTimeout(timer)

    async def whole(self, response: Any) -> bytes:  # noqa: ANN401 - JavaScript's Response
        timer = self.reading()
        try:
            return bytes((await response.arrayBuffer()).to_bytes())
        except JsException as error:
            raise _read_error(error) from error
        finally:
            js.clearTimeout(timer)

    def reading(self) -> Any:  # noqa: ANN401 - JavaScript's timer
        """Start to wait for a piece; `js.clearTimeout` takes what is given when it has come."""
        return self._timer(self._read)

    def _timer(self, seconds: float | None) -> Any:  # noqa: ANN401 - JavaScript's timer
        return js.setTimeout(self.abort, seconds * 1000) if seconds is not None else None


class _Pieces(httpx2.AsyncByteStream):
    """A body as it comes; what has come since the last look is one piece.

    JavaScript pushes each piece as soon as it is there. Awaiting each would take two turns of Python's event
    loop, which cost more than all else that is done for a piece. Nothing holds the sender back: what a model
    writes is capped and small.
    """

    def __init__(self, response: Any, call: _Call) -> None:  # noqa: ANN401 - JavaScript's Response
        self._body = response.body
        self._call = call
        self._came: list[bytes] = []
        self._end: asyncio.Future[Any] | None = None
        self._news: asyncio.Future[None] | None = None
        self._timer: Any = None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        end = self._end = self._begin()
        while True:
            if self._came:
                came, self._came = b"".join(self._came), []
                yield came
            elif not end.done():
                # Not the event loop's own kind of future, which takes a turn of the loop to be counted.
                self._news = asyncio.Future()
                await self._news
            elif error := end.exception():
                raise _read_error(error) from error
            else:
                return

    async def aclose(self) -> None:
        if not (self._end and self._end.done()):
            self._call.abort()

    def _begin(self) -> asyncio.Future[Any]:
        take = create_proxy(self._take)
        sink = js.WritableStream.new(to_js({"write": take}, dict_converter=js.Object.fromEntries))

        def ended(end: asyncio.Future[Any]) -> None:
            end.exception()  # raised to who reads; where nobody does any more it is no news
            take.destroy()
            js.clearTimeout(self._timer)
            self._tell()

        self._timer = self._call.reading()
        end: asyncio.Future[Any] = self._body.pipeTo(sink)
        end.add_done_callback(ended)
        return end

    def _take(self, piece: Any, _: Any) -> None:  # noqa: ANN401 - JavaScript's bytes and controller
        js.clearTimeout(self._timer)
        self._came.append(piece.to_bytes())
        self._timer = self._call.reading()
        self._tell()

    def _tell(self) -> None:
        if self._news and not self._news.done():
            self._news.set_result(None)


def _is_abort(error: Any) -> bool:  # noqa: ANN401 - JavaScript's error
    return str(getattr(error, "name", "")) == "AbortError"


def _read_error(error: Any) -> httpx2.TransportError:  # noqa: ANN401 - JavaScript's error
    kind = httpx2.ReadTimeout if _is_abort(error) else httpx2.ReadError
    return kind(str(getattr(error, "message", error)))
