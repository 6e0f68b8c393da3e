"""Faults of D1 that the shim shows on demand."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from stores.d1_errors import failure

if TYPE_CHECKING:
    from clock import Clock

Operation = Literal["run", "all", "first", "raw", "batch", "exec"]

# From developers.cloudflare.com/d1/observability/debug-d1, which says of each whether to try again.
OVERLOADED = "D1 DB is overloaded. Too many requests queued."
NETWORK_LOST = "Network connection lost."
RESET = "Internal error in D1 DB storage caused object to be reset."
FULL = "Exceeded maximum DB size."


class NoFaults:
    """The shim without faults, and the hooks by which faults are added."""

    async def before(self, operation: Operation, clock: Clock) -> None:
        """Called before each operation, which waits until this returns and raises what this raises."""

    async def after(self, operation: Operation) -> None:
        """Called after each operation has been committed; the caller receives what this raises instead."""


@dataclass
class D1Faults(NoFaults):
    """Faults that can be switched on and off at any time.

    `slowness`: seconds, by the clock, that each operation is delayed.
    `hanging`: operations that never return until they are cancelled, and have no effect.
    """

    slowness: float = 0
    hanging: set[Operation] = field(default_factory=set)
    _failures: dict[Operation, deque[str]] = field(default_factory=dict, init=False)
    _lost: dict[Operation, deque[str]] = field(default_factory=dict, init=False)

    def fail(self, operation: Operation, reason: str, times: int = 1) -> None:
        """Make the next `times` calls of `operation` fail for `reason`, after any errors already queued."""
        self._failures.setdefault(operation, deque()).extend([reason] * times)

    def lose_reply(self, operation: Operation, reason: str = NETWORK_LOST, times: int = 1) -> None:
        """Carry out the next `times` calls of `operation`, and then let them fail for `reason`."""
        self._lost.setdefault(operation, deque()).extend([reason] * times)

    def clear(self) -> None:
        """Switch off all faults."""
        self.slowness = 0
        self.hanging.clear()
        self._failures.clear()
        self._lost.clear()

    async def before(self, operation: Operation, clock: Clock) -> None:
        """Delay, hang or fail the operation, in this order."""
        if self.slowness:
            await clock.sleep(self.slowness)
        if operation in self.hanging:
            await asyncio.get_running_loop().create_future()
        if self._failures.get(operation):
            raise failure(self._failures[operation].popleft())

    async def after(self, operation: Operation) -> None:
        """Raise the error of a reply that is to be lost, if any."""
        if self._lost.get(operation):
            raise failure(self._lost[operation].popleft())
