"""A clock for the server under test that a test can set forward."""

from __future__ import annotations

from datetime import datetime, timedelta

from clock import SystemClock


class ShiftedClock(SystemClock):
    """The machine's clock, set forward by `shift`."""

    shift = timedelta()

    def now(self) -> datetime:
        """The shifted time, aware, in UTC."""
        return super().now() + self.shift

    def forward(self, seconds: float) -> None:
        """Be `seconds` later from now on."""
        self.shift += timedelta(seconds=seconds)
