"""How long the parts of an answer took, for the header Server-Timing."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clock import Clock

MILLISECOND = timedelta(milliseconds=1)


class Stopwatch:
    """Runs from when it is made, and notes what each part took since the one before."""

    def __init__(self, clock: Clock) -> None:
        """Start."""
        self._clock = clock
        self._last = clock.now()
        self._laps: dict[str, timedelta] = {}

    def lap(self, name: str) -> None:
        """Note that the part `name` has ended now; its first end counts."""
        if name not in self._laps:
            now = self._clock.now()
            self._laps[name], self._last = now - self._last, now

    def header(self) -> dict[str, str]:
        """The header that says what each part took, in milliseconds."""
        parts = (f"{name};dur={took / MILLISECOND:.1f}" for name, took in self._laps.items())
        return {"Server-Timing": ", ".join(parts)}
