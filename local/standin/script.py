"""A whole answer of the stand-in, and how it goes out when things are to go wrong."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping

    from local.standin.faults import Behaviour

Break = Literal["cut", "error"]


@dataclass(frozen=True, slots=True)
class Script:
    """A whole answer, in the order in which it is sent: headers, opening, pieces, closing."""

    media_type: str
    pieces: Iterable[bytes]
    opening: bytes = b""
    closing: bytes = b""
    garbage: bytes = b""
    """What a malformed piece looks like."""
    error_event: bytes = b""
    """What a stream says when it fails half-way; nothing where there is no such event."""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    at_once: bool = False
    """Whether all of it is known when the headers go out: then they say its length."""
    thought_up: int = 0
    """How many pieces a stream would have had: an answer that goes out at once takes as long to begin."""


class Pace:
    """Waits; by how much one wait took too long, those that follow are shorter.

    The event loop wakes up to a millisecond late, and an answer has many pieces.
    """

    def __init__(
        self, sleep: Callable[[float], Awaitable[None]], now: Callable[[], float] = time.monotonic
    ) -> None:
        """Wait with `sleep`, which takes seconds; `now` tells them."""
        self._sleep = sleep
        self._now = now
        self._late = 0.0

    async def wait(self, seconds: float) -> None:
        """Let `seconds` pass."""
        if not seconds:
            return
        begin = self._now()
        await self._sleep(max(0.0, seconds - self._late))
        self._late = max(0.0, self._late + self._now() - begin - seconds)


@dataclass(frozen=True, slots=True)
class Performance:
    """Sends a script the way a behaviour wants it, at its pace."""

    script: Script
    behaviour: Behaviour
    send: Callable[[Any], Awaitable[None]]
    pace: Pace

    async def run(self) -> Literal["sent", "cut"]:
        """Send it all and say 'sent', or say 'cut' where the connection is to be closed now.

        Never returns from a stall: the caller cancels it when the client has left.
        """
        await self.pace.wait(self.behaviour.headers_delay + self._thinking())
        if self.behaviour.cut_before_headers:
            return "cut"
        broken = await self._send_all()
        if broken == "cut":
            return "cut"
        await self._write(self.script.error_event if broken else self.script.closing)
        await self.send({"type": "http.response.body", "body": b"", "more_body": False})
        return "sent"

    async def _send_all(self) -> Break | None:
        pieces = self._pieces()
        await self._start(pieces)
        await self._write(self.script.opening)
        sent = 0
        for piece in pieces:
            broken = await self._break(sent)
            if broken:
                return broken
            if not self.script.at_once:
                await self.pace.wait(self.behaviour.piece_delay if sent else self.behaviour.first_delay)
            await self._write(piece)
            sent += 1
        return await self._break(sent, at_the_end=True)

    async def _break(self, sent: int, *, at_the_end: bool = False) -> Break | None:
        """Stall here for ever, or say what ends the answer here."""

        def is_due(place: int | None) -> bool:
            return place is not None and (place == sent or (at_the_end and place > sent))

        if is_due(self.behaviour.stall_after):
            await asyncio.Event().wait()
        if is_due(self.behaviour.cut_after):
            return "cut"
        return "error" if self.script.error_event and is_due(self.behaviour.error_after) else None

    def _thinking(self) -> float:
        pieces = self.script.thought_up
        return self.behaviour.first_delay + self.behaviour.piece_delay * (pieces - 1) if pieces else 0.0

    def _pieces(self) -> Iterable[bytes]:
        pieces = _with_garbage(self.script.pieces, self.behaviour.malformed_after, self.script.garbage)
        return list(pieces) if self.script.at_once else pieces

    async def _start(self, pieces: Iterable[bytes]) -> None:
        headers = {"content-type": self.script.media_type, **self.script.headers}
        if isinstance(pieces, list):
            headers["content-length"] = str(sum(map(len, [*pieces, self.script.closing])))
        raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
        await self.send({"type": "http.response.start", "status": self.script.status, "headers": raw})

    async def _write(self, data: bytes) -> None:
        size = self.behaviour.write_size or len(data) or 1
        for start in range(0, len(data), size):
            body = data[start : start + size]
            await self.send({"type": "http.response.body", "body": body, "more_body": True})


def _with_garbage(pieces: Iterable[bytes], place: int | None, garbage: bytes) -> Iterator[bytes]:
    """`pieces` with `garbage` in place of the one at `place`, or after the last where there are fewer."""
    count = 0
    for piece in pieces:
        yield garbage if count == place else piece
        count += 1
    if place is not None and place >= count:
        yield garbage
