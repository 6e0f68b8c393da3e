"""Hands things on from who makes them to the one who takes them, within one event loop."""

from __future__ import annotations

import asyncio
from typing import Generic, TypeVar

T = TypeVar("T")


class Relay(Generic[T]):
    """A queue without an end, for one taker, who gets all that has come since the last time.

    asyncio's queue waits in a future of the event loop, which Pyodide counts: each wait costs a turn of the
    loop more, and that is dearer there than all else that is done for a piece (docs/performance.md).
    """

    def __init__(self) -> None:
        """Hold nothing."""
        self._items: list[T] = []
        self._news: asyncio.Future[None] | None = None

    def put(self, item: T) -> None:
        """Add `item`; who waits is woken."""
        self._items.append(item)
        if self._news and not self._news.done():
            self._news.set_result(None)

    async def take(self) -> list[T]:
        """All that has come, in order; waits until there is something."""
        while not self._items:
            self._news = asyncio.Future()
            await self._news
        items, self._items = self._items, []
        return items
