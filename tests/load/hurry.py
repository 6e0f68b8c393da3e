"""A clock that runs faster, so that a minute of soaking sees what ten minutes of visitors do."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta


class HurriedClock:
    """A clock that is `factor` times as fast as the machine's, for those who look and for those who sleep."""

    def __init__(self, factor: float) -> None:
        """Start now."""
        self._factor = factor
        self._start = datetime.now(UTC)
        self._begun = time.monotonic()

    def now(self) -> datetime:
        """The time now, aware, in UTC."""
        return self._start + timedelta(seconds=self._factor * (time.monotonic() - self._begun))

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds` of this clock."""
        await asyncio.sleep(seconds / self._factor)
