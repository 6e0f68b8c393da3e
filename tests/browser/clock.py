"""Time that a test moves: of the server under test, and of a page."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from clock import SystemClock

if TYPE_CHECKING:
    from playwright.sync_api import Page

A_MINUTE = 60


class ShiftedClock(SystemClock):
    """The machine's clock, set forward by `shift`."""

    shift = timedelta()

    def now(self) -> datetime:
        """The shifted time, aware, in UTC."""
        return super().now() + self.shift

    def forward(self, seconds: float) -> None:
        """Be `seconds` later from now on."""
        self.shift += timedelta(seconds=seconds)


def stop_time(page: Page) -> None:
    """Let time stand still on a page whose clock was installed: it goes on with the machine's until then.

    It stops a minute ahead; timers that are due by then have run once.
    """
    page.clock.pause_at(time.time() + A_MINUTE)
