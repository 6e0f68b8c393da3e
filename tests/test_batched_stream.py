"""A streamed response whose chunks are read in batches, without a transport that does so itself."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpx2
import pytest

from channel import BatchingChannel
from responders.batched_stream import BATCH, BatchedStream, batching
from tests.timers import ManualTimers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

LAST = b"[DONE]"


class Upstream(httpx2.AsyncByteStream):
    """A stream of the chunks that a test sends."""

    def __init__(self) -> None:
        self._sent: asyncio.Queue[bytes | Exception | None] = asyncio.Queue()
        self.is_closed = False

    def send(self, *chunks: bytes | Exception | None) -> None:
        """Send chunks; None is the end, and an exception breaks the stream off."""
        for chunk in chunks:
            self._sent.put_nowait(chunk)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while (chunk := await self._sent.get()) is not None:
            if isinstance(chunk, Exception):
                raise chunk
            yield chunk
            self._sent.task_done()

    async def aclose(self) -> None:
        self.is_closed = True

    async def taken(self) -> None:
        """Return once everything that was sent has been read."""
        await self._sent.join()


@pytest.fixture
def timers() -> ManualTimers:
    return ManualTimers()


@pytest.fixture
def upstream() -> Upstream:
    return Upstream()


@pytest.fixture
def stream(upstream: Upstream, timers: ManualTimers) -> BatchedStream:
    return BatchedStream(upstream, timers.call_later)


async def test_chunks_are_unchanged_until_batching_starts(upstream: Upstream, stream: BatchedStream) -> None:
    upstream.send(b"1", b"2", None)
    assert [chunk async for chunk in stream] == [b"1", b"2"]


async def test_chunks_of_one_interval_are_joined(
    upstream: Upstream, stream: BatchedStream, timers: ManualTimers
) -> None:
    chunks = aiter(stream)
    upstream.send(b"1")
    assert await anext(chunks) == b"1"
    stream.batch(0.025, LAST)
    upstream.send(b"2", b"3")
    taking = asyncio.ensure_future(anext(chunks))
    await upstream.taken()
    assert not taking.done()
    timers.fire()
    assert await taking == b"23"


async def test_chunks_that_arrive_while_one_is_forwarded_are_joined(
    upstream: Upstream, stream: BatchedStream, timers: ManualTimers
) -> None:
    chunks = aiter(stream)
    upstream.send(b"1")
    await anext(chunks)
    stream.batch(0.025, LAST)
    taking = asyncio.ensure_future(anext(chunks))
    upstream.send(b"2")
    await upstream.taken()
    timers.fire()
    assert await taking == b"2"
    upstream.send(b"3", b"4")
    await upstream.taken()
    timers.fire()
    assert await anext(chunks) == b"34"


@pytest.mark.parametrize("end", [(LAST,), (None,)])
async def test_end_comes_without_a_timer(
    upstream: Upstream, stream: BatchedStream, end: tuple[bytes | None, ...]
) -> None:
    chunks = aiter(stream)
    upstream.send(b"1")
    await anext(chunks)
    stream.batch(0.025, LAST)
    upstream.send(b"2", *end)
    assert await anext(chunks) == b"2" + (end[0] or b"")


async def test_error_comes_after_the_chunks_before_it(upstream: Upstream, stream: BatchedStream) -> None:
    chunks = aiter(stream)
    upstream.send(b"1")
    await anext(chunks)
    stream.batch(0.025, LAST)
    upstream.send(b"2", httpx2.ReadError("broken"))
    assert await anext(chunks) == b"2"
    with pytest.raises(httpx2.ReadError):
        await anext(chunks)


async def test_reading_stops_when_the_reader_leaves(upstream: Upstream, stream: BatchedStream) -> None:
    response = httpx2.Response(200, stream=stream)
    chunks = response.aiter_raw()
    upstream.send(b"1")
    await anext(chunks)
    stream.batch(0.025, LAST)
    upstream.send(b"2", LAST)
    await anext(chunks)
    tasks = len(asyncio.all_tasks())
    await chunks.aclose()
    assert len(asyncio.all_tasks()) == tasks - 1
    assert upstream.is_closed


async def test_interval_of_zero_reads_nothing_ahead(upstream: Upstream, stream: BatchedStream) -> None:
    chunks = aiter(stream)
    upstream.send(b"1", b"2", b"3", None)
    await anext(chunks)
    stream.batch(0, LAST)
    assert [chunk async for chunk in chunks] == [b"2", b"3"]


async def test_transport_that_batches_is_left_to_do_so() -> None:
    channel, upstream = BatchingChannel(), Upstream()
    response = httpx2.Response(200, stream=upstream, extensions={BATCH: channel.batch})
    assert batching(response) == channel.batch
    assert response.stream is upstream


async def test_other_transports_get_a_batched_stream() -> None:
    response = httpx2.Response(200, stream=Upstream())
    batching(response)
    assert isinstance(response.stream, BatchedStream)
