"""Response bodies that are written piece by piece: JavaScript's ReadableStream, fed from Python."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import js
from pyodide.ffi import JsException, create_once_callable, create_proxy, to_js

from edge.js_object import js_object

# A reader who is this far behind is waited for.
MAX_UNREAD_BYTES = 16_384
# One who takes nothing for this long is taken to have left.
READER_SECONDS = 60


class Stream:
    """A body whose writer never waits: for what is short, such as an answer of capped length."""

    def __init__(self) -> None:
        controllers: list[Any] = []
        source = {"start": create_once_callable(controllers.append)}
        self.readable = self._open(source)
        (self._controller,) = controllers
        self._enqueue = self._controller.enqueue  # looking it up costs as much as calling it

    async def write(self, piece: bytes) -> None:
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

    def _open(self, source: dict[str, Any]) -> Any:
        return js.ReadableStream.new(js_object(source))


class PacedStream(Stream):
    """A body whose writer waits for the reader: for what is long, such as audio.

    JavaScript calls into Python whenever the reader takes something, which would cost an answer more than it
    saves.
    """

    def __init__(self) -> None:
        self._taken = asyncio.Event()
        self._is_left = False
        super().__init__()

    async def write(self, piece: bytes) -> None:
        await super().write(piece)
        while self._controller.desiredSize <= 0 and not self._is_left:
            self._taken.clear()
            try:
                await asyncio.wait_for(self._taken.wait(), READER_SECONDS)
            except TimeoutError as error:
                raise OSError("The reader has stopped reading") from error
        if self._is_left:
            raise OSError("The reader has left")

    def close(self) -> None:
        super().close()
        self._release()

    def fail(self) -> None:
        super().fail()
        self._release()

    def _open(self, source: dict[str, Any]) -> Any:
        calls = {**source, "pull": create_proxy(self._pulled), "cancel": create_proxy(self._cancelled)}
        strategy = js.ByteLengthQueuingStrategy.new(js_object({"highWaterMark": MAX_UNREAD_BYTES}))
        return js.ReadableStream.new(js_object(calls), strategy)

    def _pulled(self, _controller: Any) -> None:
        self._taken.set()

    def _cancelled(self, _reason: Any) -> None:
        self._is_left = True
        self._taken.set()

    def _release(self) -> None:
        """Let go of JavaScript's stream, whose callbacks hold this object: no collector sees such a cycle.

        The callbacks themselves go with the stream, when it has been read.
        """
        del self.readable, self._controller, self._enqueue


def stream_for(content_type: str) -> Stream:
    """The body for a response of this type."""
    return PacedStream() if content_type.startswith("audio/") else Stream()
