"""The event loop of start-up code."""

from __future__ import annotations

import asyncio

import pytest

from edge.startup_loop import StartupLoop


async def answer() -> int:
    return 42


def test_result_is_returned() -> None:
    assert StartupLoop().run(answer()) == 42


def test_error_is_raised() -> None:
    async def fail() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        StartupLoop().run(fail())


def test_tasks_and_futures_are_awaited() -> None:
    async def work() -> int:
        future: asyncio.Future[int] = asyncio.Future()
        task = asyncio.ensure_future(answer())
        task.add_done_callback(lambda done: future.set_result(done.result()))
        return await future + await task

    assert StartupLoop().run(work()) == 84


def test_work_left_in_the_background_is_finished() -> None:
    finished = []

    async def background() -> None:
        await asyncio.sleep(0)
        finished.append("background")

    async def work() -> None:
        asyncio.Task(background(), loop=asyncio.get_running_loop())

    StartupLoop().run(work())
    assert finished == ["background"]


def test_timeout_never_fires() -> None:
    async def work() -> int:
        async with asyncio.timeout(0.000_001):
            return await answer()

    assert StartupLoop().run(work()) == 42


def test_waiting_for_what_cannot_happen_is_an_error() -> None:
    async def work() -> None:
        await asyncio.sleep(1)

    with pytest.raises(RuntimeError, match="only a request brings"):
        StartupLoop().run(work())


def test_no_event_loop_is_running_afterwards() -> None:
    StartupLoop().run(answer())
    with pytest.raises(RuntimeError):
        asyncio.get_running_loop()


async def test_running_event_loop_is_restored() -> None:
    before = asyncio.get_running_loop()
    StartupLoop().run(answer())
    assert asyncio.get_running_loop() is before
