"""The stopwatch behind `Server-Timing`."""

from __future__ import annotations

from clock import Stopwatch
from tests.clocks import ManualClock


def test_stopwatch_measures_each_step_once_and_leaves_out_unfinished_ones() -> None:
    clock = ManualClock()
    stopwatch = Stopwatch(clock)
    clock.advance(0.0123)
    stopwatch.lap("read")
    clock.advance(1.5)
    stopwatch.lap("answer")
    clock.advance(1)
    stopwatch.lap("answer")
    header = stopwatch.header("read", "first", "answer")
    assert header == {"Server-Timing": "read;dur=12.3, answer;dur=1500.0"}
