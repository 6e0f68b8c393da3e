"""How fast a website is asked: a few requests at a time, with pauses."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from clock import Clock

# As many as a browser's tab has open to a server at most, less two.
MAX_REQUESTS_AT_A_TIME = 4
# A site that asks for longer pauses than this is not worth waiting for at each page.
_MAX_DELAY = 10.0


class Pace:
    """Paces the requests to a website.

    With `delay` (seconds), one request starts at most every `delay` seconds. Without, each of the four
    that run at the same time is followed by a pause as long as its answer took, so a slow server gets time.
    """

    def __init__(self, clock: Clock, delay: float | None = None) -> None:
        self._clock = clock
        self._delay = delay
        self._slots = asyncio.Semaphore(MAX_REQUESTS_AT_A_TIME)
        self._start = asyncio.Lock()

    def slow_down(self, delay: float) -> None:
        """Wait at least `delay` seconds between requests, as a website's robots.txt asks; at most ten."""
        self._delay = max(self._delay or 0.0, min(delay, _MAX_DELAY))

    @contextlib.asynccontextmanager
    async def request(self) -> AsyncIterator[None]:
        """Make a request in the block, when it is time to."""
        async with self._slots:
            if self._delay is not None:
                async with self._start:
                    await self._clock.sleep(self._delay)
            started = self._clock.now()
            try:
                yield
            finally:
                if self._delay is None:
                    await self._clock.sleep((self._clock.now() - started) / timedelta(seconds=1))
