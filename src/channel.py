"""Unbounded queues with a single consumer, within one event loop."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from models import Answer

T = TypeVar("T")


class Timer(Protocol):
    """A call that is due; `cancel` prevents it."""

    def cancel(self) -> object: ...


class CallLater(Protocol):
    """Calls a function once, after a number of seconds; asyncio's event loop has such a method."""

    def __call__(self, seconds: float, function: Callable[[], object], /) -> Timer: ...


class Channel(Generic[T]):
    """Carries items from a producer, which never waits, to one consumer.

    asyncio.Queue waits on a future of the event loop, and Pyodide's loop takes an extra iteration for each of
    those. That costs more than everything else done for a piece of a streamed answer (docs/performance.md).
    """

    def __init__(self) -> None:
        self._items: list[T] = []
        self._ended = False
        self._error: Exception | None = None
        self._wakeup: asyncio.Future[None] | None = None
        self._stopped: Exception | None = None

    def put(self, *items: T) -> None:
        """Add items and wake the consumer; raises the error with which the channel was stopped, if it was."""
        if self._stopped:
            raise self._stopped
        self._items += items
        self._wake()

    def stop(self, error: Exception) -> None:
        """Let the producer's next `put` raise `error`. Nobody is woken, so any request may call this."""
        self._stopped = error

    def close(self, error: Exception | None = None) -> None:
        """End the channel; the consumer gets what is left, then `error` if there is one."""
        self._ended, self._error = True, error
        self._wake()

    def _wake(self) -> None:
        if self._wakeup and not self._wakeup.done():
            self._wakeup.set_result(None)

    async def wait(self) -> None:
        """Return once there is an item or the channel has ended; raises its error once nothing is left."""
        while not self._items and not self._ended:
            self._wakeup = asyncio.Future()
            await self._wakeup
        if self._error and not self._items:
            raise self._error

    async def __aiter__(self) -> AsyncIterator[list[T]]:
        """Yield everything that has arrived since the last time, until the channel has ended."""
        while True:
            await self.wait()
            if not self._items:
                return
            items, self._items = self._items, []
            yield items


class AnswerStream(Channel[str]):
    """An answer as it is written: iterate over the pieces of its text, then take the finished `answer`.

    Iterating yields lists of the pieces that have arrived since the last time, and raises what ended the
    answer early.
    """

    answer: Answer

    def finish(self, answer: Answer) -> None:
        """End the stream with the whole answer; one that was given before comes in one piece."""
        if answer.repeated:
            self.put(answer.response)
        self.answer = answer
        self.close()


class BatchingChannel(Channel[bytes]):
    """A channel of chunks that, from `batch` on, wakes its consumer once for what arrives within an interval.

    Waking the consumer costs more than everything that is done with a small chunk (docs/performance.md).
    """

    def __init__(self, call_later: CallLater | None = None) -> None:
        """`call_later` sets the timer; by default it is the running event loop's."""
        super().__init__()
        self._call_later = call_later or asyncio.get_running_loop().call_later
        self._seconds, self._last = 0.0, b""
        self._held: list[bytes] = []
        self._timer: Timer | None = None

    def batch(self, seconds: float, last: bytes) -> None:
        """From now on, hold chunks for up to `seconds` after the first one that waits.

        A chunk that contains `last` releases them at once, and so does closing the channel. If `seconds` is
        0, nothing is held.
        """
        self._seconds, self._last = seconds, last

    def put(self, *items: bytes) -> None:
        """Add chunks, and wake the consumer now or when their interval ends."""
        self._held += items
        if not self._seconds or self._last in b"".join(items):
            self._release()
        elif not self._timer:
            self._timer = self._call_later(self._seconds, self._release)

    def close(self, error: Exception | None = None) -> None:
        """End the channel; the consumer gets what is left, then `error` if there is one."""
        self._release()
        super().close(error)

    def _release(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        held, self._held = self._held, []
        super().put(*held)
