"""A clock that runs fast, so that a minute of soaking covers ten minutes of conversations."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta


class FastClock:
    """A clock that starts at the current time and then runs `factor` times as fast as the real one."""

    def __init__(self, factor: float) -> None:
        self._factor = factor
        self._start = datetime.now(UTC)
        self._started = time.monotonic()

    def now(self) -> datetime:
        """Return the time on this clock, in UTC."""
        return self._start + timedelta(seconds=self._factor * (time.monotonic() - self._started))

    async def sleep(self, seconds: float) -> None:
        """Wait until `seconds` have passed on this clock."""
        await asyncio.sleep(seconds / self._factor)
