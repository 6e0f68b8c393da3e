"""Clocks that tests control: the server's and a page's."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from clock import SystemClock

if TYPE_CHECKING:
    from playwright.sync_api import Page

A_MINUTE = 60


class ShiftedClock(SystemClock):
    """The system clock, ahead by `shift`."""

    shift = timedelta()

    def now(self) -> datetime:
        """The shifted time, timezone-aware, in UTC."""
        return super().now() + self.shift

    def forward(self, seconds: float) -> None:
        """Move the clock forward by `seconds`."""
        self.shift += timedelta(seconds=seconds)


def stop_time(page: Page) -> None:
    """Stop a page's installed clock; until then it follows the system clock.

    It stops one minute ahead, after firing the timers due by then once.
    """
    page.clock.pause_at(time.time() + A_MINUTE)
