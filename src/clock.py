"""The clock: code that needs the time or a delay is given one, so that tests never wait."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Protocol

MILLISECOND = timedelta(milliseconds=1)


class Clock(Protocol):
    """Tells the time and sleeps."""

    def now(self) -> datetime:
        """The current time, timezone-aware, in UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds`."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class Stopwatch:
    """Measures the consecutive steps of a request, for the `Server-Timing` header."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = clock.now()
        self._laps: dict[str, timedelta] = {}

    def lap(self, step: str) -> None:
        """Record that `step` has just finished; for a step that is reported again, the first time counts."""
        if step not in self._laps:
            now = self._clock.now()
            self._laps[step], self._last = now - self._last, now

    def header(self, *steps: str) -> dict[str, str]:
        """The header with the duration in milliseconds of those `steps` that have finished."""
        laps = [(step, self._laps[step]) for step in steps if step in self._laps]
        return {"Server-Timing": ", ".join(f"{step};dur={took / MILLISECOND:.1f}" for step, took in laps)}
