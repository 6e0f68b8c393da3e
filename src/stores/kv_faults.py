"""Faults of Workers KV that the fake shows on demand."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from stores.kv_errors import rejection

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from clock import Clock
    from stores.kv_entry import Entry

Operation = Literal["get", "put", "delete", "list"]


class NoFaults:
    """The fake KV without faults, and the hooks by which faults are added."""

    async def before(self, operation: Operation, clock: Clock) -> None:
        """Called before each operation, which waits until this returns and raises what this raises."""

    def visible(self, key: str, entry: Entry | None, now: datetime) -> Entry | None:
        """Return what a read of `key` at `now` finds while `entry` is stored."""
        del key, now
        return entry

    def replaced(self, key: str, entry: Entry | None, now: datetime) -> None:
        """Called when `entry`, the previous content of `key`, is overwritten or deleted at `now`."""


@dataclass
class KVFaults(NoFaults):
    """Faults that can be switched on and off at any time.

    `staleness`: reads find what a key held that many seconds ago, as in a location that has it cached.
    Entries that have expired since then are not found, and list() is always current.
    `slowness`: seconds, by the clock, that each operation is delayed.
    `hanging`: operations that never return until they are cancelled.
    `refused_puts`: how many of the next puts raise `KV PUT failed: 429 Too Many Requests`.
    `corruption`: applied to the bytes that reads find, for example `lambda value: value[:10]`.
    """

    staleness: float = 0
    slowness: float = 0
    hanging: set[Operation] = field(default_factory=set)
    refused_puts: int = 0
    corruption: Callable[[bytes], bytes] | None = None
    _errors: dict[Operation, deque[Exception]] = field(default_factory=dict, init=False)
    _past: dict[str, deque[tuple[datetime, Entry | None]]] = field(default_factory=dict, init=False)

    def fail(self, operation: Operation, error: Exception, times: int = 1) -> None:
        """Make the next `times` calls of `operation` raise `error`, after any errors already queued."""
        self._errors.setdefault(operation, deque()).extend([error] * times)

    def clear(self) -> None:
        """Switch off all faults."""
        self.staleness = self.slowness = self.refused_puts = 0
        self.corruption = None
        self.hanging.clear()
        self._errors.clear()
        self._past.clear()

    async def before(self, operation: Operation, clock: Clock) -> None:
        """Delay, hang or fail the operation, in this order."""
        if self.slowness:
            await clock.sleep(self.slowness)
        if operation in self.hanging:
            await asyncio.get_running_loop().create_future()
        if self._errors.get(operation):
            raise self._errors[operation].popleft()
        if operation == "put" and self.refused_puts:
            self.refused_puts -= 1
            raise rejection("PUT", 429, "Too Many Requests")

    def visible(self, key: str, entry: Entry | None, now: datetime) -> Entry | None:
        """Return what `key` held `staleness` seconds ago unless that has expired, with any `corruption`."""
        since = now - timedelta(seconds=self.staleness)
        found = next((previous for moment, previous in self._past.get(key, ()) if moment > since), entry)
        if found is None or (found.expiration is not None and found.expiration <= now.timestamp()):
            return None
        return found if self.corruption is None else replace(found, value=self.corruption(found.value))

    def replaced(self, key: str, entry: Entry | None, now: datetime) -> None:
        """Keep `entry` for stale reads, and drop what is too old even for those."""
        past = self._past.setdefault(key, deque())
        while past and past[0][0] <= now - timedelta(seconds=self.staleness):
            past.popleft()
        past.append((now, entry))
