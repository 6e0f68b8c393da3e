"""The clocks in tests/clocks.py."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.clocks import START, AutoClock, ManualClock, TickingClock


async def test_sleepers_wake_when_due_and_in_order() -> None:
    clock = ManualClock()
    woken: list[float] = []

    async def sleeper(seconds: float) -> None:
        await clock.sleep(seconds)
        woken.append(seconds)

    tasks = [asyncio.create_task(sleeper(seconds)) for seconds in (3, 1, 2, 0)]
    await clock.sleeping(3)
    clock.advance(0.9)
    await asyncio.sleep(0)
    assert woken == [0]
    clock.advance(1.1)
    await asyncio.gather(*tasks[1:])
    assert woken == [0, 1, 2]
    clock.advance(1)
    await tasks[0]
    assert clock.now() == START + timedelta(seconds=3)


async def test_cancelled_sleeper_does_not_count() -> None:
    clock = ManualClock()
    task = asyncio.create_task(clock.sleep(1))
    await clock.sleeping()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(clock.sleeping(), 0)
    clock.advance(1)


def test_time_is_in_utc() -> None:
    clock = ManualClock(datetime(2026, 1, 1, 2, tzinfo=timezone(timedelta(hours=2))))
    assert clock.now() == datetime(2026, 1, 1, tzinfo=UTC)
    assert clock.now().tzinfo is UTC


def test_clock_cannot_go_back() -> None:
    with pytest.raises(ValueError, match="-1"):
        ManualClock().advance(-1)


async def test_auto_clock_sleeps_without_waiting() -> None:
    clock = AutoClock()
    await clock.sleep(90)
    await clock.sleep(0)
    assert clock.now() == START + timedelta(seconds=90)
    assert clock.sleeps == [90, 0]


def test_ticking_clock_advances_when_read() -> None:
    clock = TickingClock(tick=0.5)
    assert [clock.now() - START for _ in range(3)] == [timedelta(seconds=seconds) for seconds in (0, 0.5, 1)]
