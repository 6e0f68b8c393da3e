"""Sending a planned response as a behaviour says: at a pace, in small writes, broken off halfway."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator

    from local.standin.behaviour import Behaviour
    from local.standin.planned_response import PlannedResponse

Break = Literal["cut", "error"]
BOM = b"\xef\xbb\xbf"
COMMENT = b": keep-alive\n\n"


class Pace:
    """Waits, and makes up for waits that took too long by shortening those that follow.

    The event loop wakes up to a millisecond late, which adds up over the many pieces of an answer. `sleep`
    takes seconds; `now` returns them.
    """

    def __init__(
        self, sleep: Callable[[float], Awaitable[None]], now: Callable[[], float] = time.monotonic
    ) -> None:
        self._sleep = sleep
        self._now = now
        self._late = 0.0

    async def wait(self, seconds: float) -> None:
        """Wait for `seconds`, less what earlier waits took too long; 0 returns immediately."""
        if not seconds:
            return
        start = self._now()
        await self._sleep(max(0.0, seconds - self._late))
        self._late = max(0.0, self._late + self._now() - start - seconds)


@dataclass(frozen=True, slots=True)
class Delivery:
    """One response, how to send it, and the ASGI `send` of its connection."""

    response: PlannedResponse
    behaviour: Behaviour
    send: Callable[[Any], Awaitable[None]]
    pace: Pace

    async def run(self) -> Literal["sent", "cut"]:
        """Send the response; 'cut' means that the caller is to close the connection now.

        A stall never returns; the caller cancels it when the client has left.
        """
        await self.pace.wait(self.behaviour.headers_delay + self._thinking_time())
        if self.behaviour.cut_before_headers:
            return "cut"
        broken = await self._send_headers_and_pieces()
        if broken == "cut":
            return "cut"
        await self._write(self.response.error_event if broken else self.response.closing)
        await self.send({"type": "http.response.body", "body": b"", "more_body": False})
        return "sent"

    async def _send_headers_and_pieces(self) -> Break | None:
        pieces = self._pieces()
        await self._send_headers(pieces)
        await self._write(self._opening())
        sent = 0
        for piece in pieces:
            if broken := await self._break_after(sent):
                return broken
            if not self.response.has_length:
                await self.pace.wait(self.behaviour.piece_delay if sent else self.behaviour.first_delay)
            await self._write(piece)
            sent += 1
        return await self._break_after(sent, at_end=True)

    async def _break_after(self, sent: int, *, at_end: bool = False) -> Break | None:
        """How the response breaks after `sent` pieces, or None; a stall waits for ever.

        A break that is due after more pieces than there are happens at the end.
        """

        def is_due(after: int | None) -> bool:
            return after is not None and (after == sent or (at_end and after > sent))

        if is_due(self.behaviour.stall_after):
            await self._stall()
        if is_due(self.behaviour.cut_after):
            return "cut"
        return "error" if self.response.error_event and is_due(self.behaviour.error_after) else None

    async def _stall(self) -> None:
        """Never return; send comments to a stream if the behaviour says so."""
        seconds = self.behaviour.keep_alive
        if seconds is None or self.response.has_length:
            await asyncio.Event().wait()
        while True:
            await self.pace.wait(seconds or 0)
            await asyncio.sleep(0)  # a sleep that takes no time must not keep others from running
            await self._write(COMMENT)

    def _opening(self) -> bytes:
        return BOM + self.response.opening if self.behaviour.bom else self.response.opening

    def _thinking_time(self) -> float:
        pieces = self.response.thinking_pieces
        return self.behaviour.first_delay + self.behaviour.piece_delay * (pieces - 1) if pieces else 0.0

    def _pieces(self) -> Iterable[bytes]:
        pieces = _with_garbage(self.response.pieces, self.behaviour.malformed_after, self.response.garbage)
        return list(pieces) if self.response.has_length else pieces

    async def _send_headers(self, pieces: Iterable[bytes]) -> None:
        headers = {"content-type": self.response.media_type, **self.response.headers}
        if isinstance(pieces, list):
            headers["content-length"] = str(sum(map(len, [self._opening(), *pieces, self.response.closing])))
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        await self.send({"type": "http.response.start", "status": self.response.status, "headers": raw})

    async def _write(self, data: bytes) -> None:
        """Send `data` in writes of the given size. In events, only the ends of lines are line breaks."""
        if self.response.media_type.startswith("text/event-stream"):
            data = data.replace(b"\n", self.behaviour.line_end.encode())
        size = self.behaviour.write_size or len(data) or 1
        for start in range(0, len(data), size):
            body = data[start : start + size]
            await self.send({"type": "http.response.body", "body": body, "more_body": True})


def _with_garbage(pieces: Iterable[bytes], index: int | None, garbage: bytes) -> Iterator[bytes]:
    """`pieces` with `garbage` in place of the one at `index`, or after the last if there are fewer."""
    count = 0
    for piece in pieces:
        yield garbage if count == index else piece
        count += 1
    if index is not None and index >= count:
        yield garbage
