"""Reading the chunks of a streamed response in batches."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import httpx2

from channel import BatchingChannel

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Callable

    from channel import CallLater

    Batch = Callable[[float, bytes], None]

# The extension of a response whose transport batches chunks itself: its stream's `BatchingChannel.batch`.
BATCH = "batch"


def batching(response: httpx2.Response) -> Batch:
    """What starts batching the chunks of `response`: see `BatchingChannel.batch`.

    Its transport batches them if it can, and a `BatchedStream` otherwise. To be called before reading.
    """
    if BATCH not in response.extensions:
        stream = BatchedStream(response.stream)
        response.stream = stream
        response.extensions[BATCH] = stream.batch
    batch: Batch = response.extensions[BATCH]
    return batch


class BatchedStream(httpx2.AsyncByteStream):
    """Another stream, whose chunks come in batches from `batch` on, because a task then reads them ahead."""

    def __init__(self, stream: Any, call_later: CallLater | None = None) -> None:
        """`stream` is an asynchronous httpx2 stream; `call_later` is what `BatchingChannel` takes."""
        self._stream = stream
        self._call_later = call_later
        self._channel: BatchingChannel | None = None

    def batch(self, seconds: float, last: bytes) -> None:
        """Start batching: see `BatchingChannel.batch`."""
        if seconds and not self._channel:
            self._channel = BatchingChannel(self._call_later)
            self._channel.batch(seconds, last)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        chunks = aiter(self._stream)
        async for chunk in chunks:
            yield chunk
            if self._channel:
                break
        if self._channel:
            async with aclosing(_read_ahead(chunks, self._channel)) as batches:
                async for batch in batches:
                    yield batch

    async def aclose(self) -> None:
        """Close the other stream."""
        await self._stream.aclose()


async def _read_ahead(chunks: AsyncIterator[bytes], channel: BatchingChannel) -> AsyncGenerator[bytes]:
    reading = asyncio.ensure_future(_read(chunks, channel))
    try:
        async for batch in channel:
            yield b"".join(batch)
    finally:
        reading.cancel()
        await asyncio.wait({reading})


async def _read(chunks: AsyncIterator[bytes], channel: BatchingChannel) -> None:
    try:
        async for chunk in chunks:
            channel.put(chunk)
    except Exception as error:  # noqa: BLE001 - raised again where the batches are read
        channel.close(error)
    else:
        channel.close()
