"""Timers that fire when a test says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(eq=False)
class ManualTimer:
    """A timer that waits for `ManualTimers.fire`."""

    function: Callable[[], object]
    cancelled: bool = False

    def cancel(self) -> None:
        self.cancelled = True


class ManualTimers:
    """The timers set through `call_later`; `seconds` lists how long each was to take."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self._timers: list[ManualTimer] = []

    @property
    def running(self) -> int:
        """How many timers are still due."""
        return sum(not timer.cancelled for timer in self._timers)

    def call_later(self, seconds: float, function: Callable[[], object], /) -> ManualTimer:
        """Set a timer."""
        self.seconds.append(seconds)
        timer = ManualTimer(function)
        self._timers.append(timer)
        return timer

    def fire(self) -> None:
        """End every timer that is still due."""
        timers, self._timers = self._timers, []
        for timer in timers:
            if not timer.cancelled:
                timer.function()
