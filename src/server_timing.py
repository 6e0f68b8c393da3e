"""How long the parts of an answer took, for the header Server-Timing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clock import Clock


class Stopwatch:
    """Runs from when it is made."""

    def __init__(self, clock: Clock) -> None:
        """Start."""
        self._clock = clock
        self._start = clock.now()

    def header(self, name: str) -> dict[str, str]:
        """The header that says that `name` has taken the milliseconds until now."""
        milliseconds = (self._clock.now() - self._start).total_seconds() * 1000
        return {"Server-Timing": f"{name};dur={milliseconds:.1f}"}
