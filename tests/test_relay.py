"""What is handed on comes in order, all at once, and wakes the one who waits."""

from __future__ import annotations

import asyncio

from relay import Relay


async def test_all_that_has_come_is_taken_at_once() -> None:
    relay: Relay[int] = Relay()
    relay.put(1)
    relay.put(2)
    assert await relay.take() == [1, 2]
    relay.put(3)
    assert await relay.take() == [3]


async def test_who_waits_is_woken_and_gets_what_came_until_it_ran() -> None:
    relay: Relay[int] = Relay()
    taking = asyncio.create_task(relay.take())
    await asyncio.sleep(0)
    assert not taking.done()
    relay.put(1)
    relay.put(2)
    assert await taking == [1, 2]


async def test_who_gives_up_loses_nothing() -> None:
    relay: Relay[int] = Relay()
    taking = asyncio.create_task(relay.take())
    await asyncio.sleep(0)
    taking.cancel()
    await asyncio.gather(taking, return_exceptions=True)
    relay.put(1)
    assert await relay.take() == [1]
