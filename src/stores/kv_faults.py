"""Faults for the fake KV: what Workers KV may do on a bad day, on demand."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from stores.kv_rules import refuse

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from clock import Clock
    from stores.kv_rules import Entry

Operation = Literal["get", "put", "delete", "list"]


class NoFaults:
    """A good day: nothing disturbs the fake KV."""

    async def strike(self, operation: Operation, clock: Clock) -> None:
        """Return when `operation` may go on; what this raises, the operation raises."""

    def seen(self, key: str, entry: Entry | None, now: datetime) -> Entry | None:
        """What a read of `key` at `now` finds where `entry` is stored."""
        del key, now
        return entry

    def overwritten(self, key: str, entry: Entry | None, now: datetime) -> None:
        """Take note that `key`, which held `entry`, is written or deleted at `now`."""


@dataclass
class KVFaults(NoFaults):
    """Switches, each of which can be turned on and off at any time.

    `staleness`: reads of a key find what it held so many seconds ago, nothing included, as from a location
    that has it cached; what has expired since is gone all the same, and list() is always current.
    `slowness`: seconds by the clock before each operation.
    `hanging`: operations that never return; they can be cancelled.
    `refused_puts`: the next so many puts raise `KV PUT failed: 429 Too Many Requests`.
    `corruption`: what reads make of the stored bytes, as in `corruption=lambda value: value[:10]`.
    """

    staleness: float = 0
    slowness: float = 0
    hanging: set[Operation] = field(default_factory=set)
    refused_puts: int = 0
    corruption: Callable[[bytes], bytes] | None = None
    _errors: dict[Operation, deque[Exception]] = field(default_factory=dict, init=False)
    _past: dict[str, deque[tuple[datetime, Entry | None]]] = field(default_factory=dict, init=False)

    def fail(self, operation: Operation, error: Exception, times: int = 1) -> None:
        """Let the next `times` operations of this kind raise `error`, after those asked for before."""
        self._errors.setdefault(operation, deque()).extend([error] * times)

    def clear(self) -> None:
        """Switch all faults off."""
        self.staleness = self.slowness = self.refused_puts = 0
        self.corruption = None
        self.hanging.clear()
        self._errors.clear()
        self._past.clear()

    async def strike(self, operation: Operation, clock: Clock) -> None:
        """Wait for `slowness`, hang or raise, in this order."""
        if self.slowness:
            await clock.sleep(self.slowness)
        if operation in self.hanging:
            await asyncio.get_running_loop().create_future()
        if self._errors.get(operation):
            raise self._errors[operation].popleft()
        if operation == "put" and self.refused_puts:
            self.refused_puts -= 1
            refuse("PUT", 429, "Too Many Requests")

    def seen(self, key: str, entry: Entry | None, now: datetime) -> Entry | None:
        """What `key` held `staleness` seconds ago unless it has expired since, corrupted if so asked."""
        since = now - timedelta(seconds=self.staleness)
        held = next((before for moment, before in self._past.get(key, ()) if moment > since), entry)
        if held is None or (held.expiration is not None and held.expiration <= now.timestamp()):
            return None
        return held if self.corruption is None else replace(held, value=self.corruption(held.value))

    def overwritten(self, key: str, entry: Entry | None, now: datetime) -> None:
        """Keep `entry` for stale reads, and forget what is too old for them."""
        past = self._past.setdefault(key, deque())
        while past and past[0][0] <= now - timedelta(seconds=self.staleness):
            past.popleft()
        past.append((now, entry))
