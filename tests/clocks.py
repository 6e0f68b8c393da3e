"""Clocks that tests control, so that no test has to wait.

A `ManualClock` stands still until a test advances it, which wakes the sleepers whose time has come. An
`AutoClock` ends every sleep at once and moves forward by its length. A `TickingClock` moves forward every
time it is read, a `SetBackClock` goes back once. A `SkippingLoop` moves the timers of asyncio itself forward.
"""

from __future__ import annotations

import asyncio
import heapq
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine

T = TypeVar("T")

START = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)
# Real time, and far longer than tasks need to reach their sleep, even on a busy machine.
PATIENCE_SECONDS = 60


class ManualClock:
    """A clock that moves only when a test calls `advance`.

    To test something that sleeps: start it as a task, `await clock.sleeping()` until it sleeps,
    `clock.advance(seconds)`, then await the task.
    """

    def __init__(self, start: datetime = START) -> None:
        self._now = start.astimezone(UTC)
        self.sleeps: list[float] = []
        self._order = count()
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._newcomer = asyncio.Event()

    def now(self) -> datetime:
        """Return the current time, in UTC."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Return once the clock has advanced by `seconds`; if that is zero, after letting other tasks run."""
        self.sleeps.append(seconds)
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        awake: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        due = self._now + timedelta(seconds=seconds)
        heapq.heappush(self._sleepers, (due, next(self._order), awake))
        self._newcomer.set()
        await awake

    def advance(self, seconds: float) -> None:
        """Move forward by `seconds` in one step and wake the sleepers that are due, earliest first.

        They run the next time the test awaits. Those that sleep again count from the new time.
        """
        if seconds < 0:
            message = f"A clock cannot go back: {seconds}"
            raise ValueError(message)
        self._now += timedelta(seconds=seconds)
        while self._sleepers and self._sleepers[0][0] <= self._now:
            _, _, awake = heapq.heappop(self._sleepers)
            if not awake.done():
                awake.set_result(None)

    async def sleeping(self, sleepers: int = 1) -> None:
        """Wait until at least `sleepers` tasks sleep; cancelled ones do not count.

        Raises `TimeoutError` after `PATIENCE_SECONDS` of real time, so that a test fails instead of hanging.
        """
        async with asyncio.timeout(PATIENCE_SECONDS):
            while sum(not awake.done() for _, _, awake in self._sleepers) < sleepers:
                self._newcomer.clear()
                await self._newcomer.wait()


class AutoClock(ManualClock):
    """A clock on which every sleep ends at once; `sleeps` lists how long they were to last."""

    async def sleep(self, seconds: float) -> None:
        """Let other tasks run, then move forward to `seconds` from the start, and return."""
        self.sleeps.append(seconds)
        due = self._now + timedelta(seconds=seconds)
        await asyncio.sleep(0)
        if due > self._now:  # sleeps at the same time overlap
            self.advance((due - self._now).total_seconds())


class TickingClock(AutoClock):
    """A clock that moves forward by `tick` seconds each time it is read; it first shows `start`."""

    def __init__(self, start: datetime = START, tick: float = 1) -> None:
        super().__init__(start)
        self._tick = tick

    def now(self) -> datetime:
        """Return the current time, then move forward."""
        shown = super().now()
        self.advance(self._tick)
        return shown


class SetBackClock(ManualClock):
    """A clock that is set back by an hour once it has been read `after` times."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self._readings_left = after

    def now(self) -> datetime:
        """Return the time it shows."""
        self._readings_left -= 1
        return super().now() - timedelta(hours=self._readings_left < 0)


class SkippingLoop(asyncio.SelectorEventLoop):
    """An event loop whose time a test can move forward, so that its timers are due without waiting.

    `run_skipping` runs a coroutine on one.
    """

    _skipped = 0.0

    def time(self) -> float:
        """Return the loop's time in seconds: real time, and what was skipped."""
        return super().time() + self._skipped

    def skip(self, seconds: float) -> None:
        """Move forward by `seconds`. Timers that are then due run the next time the loop does."""
        self._skipped += seconds


def skip(seconds: float) -> None:
    """Move the running `SkippingLoop` forward by `seconds`."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, SkippingLoop)
    loop.skip(seconds)


def run_skipping(test: Coroutine[Any, Any, T]) -> T:
    """Run `test` on a `SkippingLoop` of its own; within it, `skip` moves the time forward."""
    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        return runner.run(test)
