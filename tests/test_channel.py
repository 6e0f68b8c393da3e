"""The single-consumer queue."""

from __future__ import annotations

import asyncio

import pytest

from channel import Channel


async def test_consumer_gets_everything_that_has_arrived_at_once() -> None:
    channel: Channel[int] = Channel()
    items = aiter(channel)
    channel.put(1)
    channel.put(2)
    assert await anext(items) == [1, 2]
    channel.put(3)
    assert await anext(items) == [3]


async def test_waiting_consumer_wakes_and_gets_what_arrived_until_it_runs() -> None:
    channel: Channel[int] = Channel()
    taking = asyncio.ensure_future(anext(aiter(channel)))
    await asyncio.sleep(0)
    assert not taking.done()
    channel.put(1)
    channel.put(2)
    assert await taking == [1, 2]


async def test_cancelled_consumer_loses_nothing() -> None:
    channel: Channel[int] = Channel()
    taking = asyncio.ensure_future(anext(aiter(channel)))
    await asyncio.sleep(0)
    taking.cancel()
    await asyncio.gather(taking, return_exceptions=True)
    channel.put(1)
    assert await anext(aiter(channel)) == [1]


async def test_iteration_ends_when_the_channel_is_closed() -> None:
    channel: Channel[int] = Channel()
    channel.put(1)
    channel.close()
    assert [items async for items in channel] == [[1]]
    assert [items async for items in channel] == []


async def test_error_comes_after_the_items_before_it() -> None:
    channel: Channel[int] = Channel()
    channel.put(1)
    channel.close(ZeroDivisionError())
    items = aiter(channel)
    assert await anext(items) == [1]
    with pytest.raises(ZeroDivisionError):
        await anext(items)


async def test_closing_wakes_a_waiting_consumer() -> None:
    channel: Channel[int] = Channel()
    waiting = asyncio.create_task(channel.wait())
    await asyncio.sleep(0)
    channel.close(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        await waiting
