"""Clocks that tests move by hand, so that no test waits.

`ManualClock` stands still until it is advanced; who sleeps by it wakes up when it has been advanced far
enough. `AutoClock` lets every sleep end at once and is later by that much. `TickingClock` is a little later
each time somebody looks at it. Each starts at the moment given; START does where the date does not matter.
"""

from __future__ import annotations

import asyncio
import heapq
from datetime import UTC, datetime, timedelta
from itertools import count

START = datetime(2026, 11, 23, 12, 0, 0, tzinfo=UTC)
PATIENCE_SECONDS = 5  # far longer than tasks need to get as far as their sleep, on a busy machine too


class ManualClock:
    """A clock that moves only by `advance`.

    A test of something that sleeps: start it as a task, `await clock.sleeping()` until it sleeps,
    `clock.advance(seconds)`, then await the task.
    """

    def __init__(self, start: datetime = START) -> None:
        """Stand at `start`, which must be aware."""
        self._now = start.astimezone(UTC)
        self.sleeps: list[float] = []
        self._order = count()
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._newcomer = asyncio.Event()

    def now(self) -> datetime:
        """The time now, aware, in UTC."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Return once the clock has been advanced by `seconds`; for none, after the other tasks' turn."""
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
        """Move on by `seconds` in one step and wake who is due, in the order of their times.

        They run when the test awaits next. Whoever then sleeps again counts from the new time.
        """
        if seconds < 0:
            message = f"A clock does not go back: {seconds}"
            raise ValueError(message)
        self._now += timedelta(seconds=seconds)
        while self._sleepers and self._sleepers[0][0] <= self._now:
            _, _, awake = heapq.heappop(self._sleepers)
            if not awake.done():
                awake.set_result(None)

    async def sleeping(self, sleepers: int = 1) -> None:
        """Return once so many sleep; who was cancelled does not count.

        Raises TimeoutError after PATIENCE_SECONDS of real time, so that a test fails instead of hanging.
        """
        async with asyncio.timeout(PATIENCE_SECONDS):
            while sum(not awake.done() for _, _, awake in self._sleepers) < sleepers:
                self._newcomer.clear()
                await self._newcomer.wait()


class AutoClock(ManualClock):
    """A clock whose sleeps end at once; `sleeps` lists how long they were to be."""

    async def sleep(self, seconds: float) -> None:
        """Be `seconds` later, then return after the other tasks' turn."""
        self.sleeps.append(seconds)
        self.advance(max(seconds, 0))
        await asyncio.sleep(0)


class TickingClock(AutoClock):
    """A clock that is `tick` seconds later each time somebody looks at it."""

    def __init__(self, start: datetime = START, tick: float = 1) -> None:
        """Show `start` at the first look."""
        super().__init__(start)
        self._tick = tick

    def now(self) -> datetime:
        """The time now; the next look finds a later one."""
        shown = super().now()
        self.advance(self._tick)
        return shown
