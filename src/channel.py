"""An unbounded queue with a single consumer, within one event loop."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

T = TypeVar("T")


class Channel(Generic[T]):
    """Carries items from a producer, which never waits, to one consumer.

    asyncio.Queue waits on a future of the event loop, and Pyodide's loop takes an extra turn for each of
    those: dearer than everything else done for a piece of a streamed answer (docs/performance.md).
    """

    def __init__(self) -> None:
        self._items: list[T] = []
        self._ended = False
        self._error: Exception | None = None
        self._wakeup: asyncio.Future[None] | None = None

    def put(self, *items: T) -> None:
        """Add items and wake the consumer."""
        self._items += items
        if self._wakeup and not self._wakeup.done():
            self._wakeup.set_result(None)

    def close(self, error: Exception | None = None) -> None:
        """End the channel; the consumer gets what is left, then `error` if there is one."""
        self._ended, self._error = True, error
        self.put()

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
