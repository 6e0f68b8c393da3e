"""The single-consumer queue."""

from __future__ import annotations

import asyncio

import pytest

from channel import BatchingChannel, Channel
from tests.timers import ManualTimers


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


LAST = b"[DONE]"


def batching(timers: ManualTimers) -> BatchingChannel:
    channel = BatchingChannel(timers.call_later)
    channel.batch(0.025, LAST)
    return channel


async def is_empty(channel: BatchingChannel) -> bool:
    taking = asyncio.ensure_future(anext(aiter(channel)))
    await asyncio.sleep(0)
    empty = not taking.done()
    taking.cancel()
    await asyncio.gather(taking, return_exceptions=True)
    return empty


async def test_chunks_come_at_once_until_batching_starts() -> None:
    timers = ManualTimers()
    channel = BatchingChannel(timers.call_later)
    chunks = aiter(channel)
    channel.put(b"1")
    assert await anext(chunks) == [b"1"]
    channel.batch(0.025, LAST)
    channel.put(b"2")
    assert await is_empty(channel)
    assert timers.seconds == [0.025]


async def test_one_timer_releases_everything_that_waits() -> None:
    timers = ManualTimers()
    channel = batching(timers)
    chunks = aiter(channel)
    channel.put(b"1")
    channel.put(b"2")
    assert await is_empty(channel)
    timers.fire()
    channel.put(b"3")
    assert await anext(chunks) == [b"1", b"2"]
    timers.fire()
    assert await anext(chunks) == [b"3"]
    assert timers.seconds == [0.025, 0.025]


async def test_no_timer_runs_while_nothing_waits() -> None:
    timers = ManualTimers()
    channel = batching(timers)
    assert timers.seconds == []
    channel.put(b"1")
    timers.fire()
    assert timers.running == 0


@pytest.mark.parametrize("last", [b"[DONE]", b"data: [DONE]\n\n"])
async def test_last_chunk_releases_everything_at_once(last: bytes) -> None:
    timers = ManualTimers()
    channel = batching(timers)
    channel.put(b"1")
    channel.put(last)
    assert await anext(aiter(channel)) == [b"1", last]
    assert timers.running == 0


async def test_closing_releases_everything_before_the_error() -> None:
    timers = ManualTimers()
    channel = batching(timers)
    channel.put(b"1")
    channel.close(ZeroDivisionError())
    chunks = aiter(channel)
    assert await anext(chunks) == [b"1"]
    with pytest.raises(ZeroDivisionError):
        await anext(chunks)
    assert timers.running == 0


async def test_interval_of_zero_holds_nothing() -> None:
    timers = ManualTimers()
    channel = BatchingChannel(timers.call_later)
    channel.batch(0, LAST)
    channel.put(b"1")
    assert await anext(aiter(channel)) == [b"1"]
    assert timers.seconds == []


async def test_event_loops_own_timer_is_the_default() -> None:
    channel = BatchingChannel()
    channel.batch(0.001, LAST)
    channel.put(b"1")
    assert await anext(aiter(channel)) == [b"1"]
