"""How long a WebM plays: its Opus packets, and the times that it states (RFC 8794, RFC 9559).

What a browser records states no duration, because it is written while it is being recorded.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from speech.lengths.opus import MAX_SECONDS, packet_seconds

if TYPE_CHECKING:
    from speech.lengths.cursor import Cursor

SEGMENT, INFO, TRACKS, TRACK, CLUSTER, GROUP = 0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0x1F43B675, 0xA0
TIMESTAMP_SCALE, DURATION, CODEC, TIMESTAMP, SIMPLE_BLOCK, BLOCK = 0x2AD7B1, 0x4489, 0x86, 0xE7, 0xA3, 0xA1
# The elements whose parts are looked at; all others are passed over.
ENTERED = frozenset({SEGMENT, INFO, TRACKS, TRACK, CLUSTER, GROUP})
READ = frozenset({TIMESTAMP_SCALE, DURATION, CODEC, TIMESTAMP, SIMPLE_BLOCK, BLOCK})
# The longest header of an element, and the most that is read of its content: a duration.
HEADER_BYTES, CONTENT_BYTES = 12, 8
LACING = 0x06
UNKNOWN_SIZE = 1 << 56
NANOSECONDS = 1e9


@dataclass(slots=True)
class _Found:
    """What has been found so far; times are in units of `scale` nanoseconds."""

    scale: int = 1_000_000
    duration: float = 0.0
    cluster: int = 0
    last: int = 0
    is_opus: bool = False
    counted: float = 0.0
    blocks: int = 0

    def seconds(self) -> float:
        # In this order, a duration that is not a number does not count.
        return max(self.counted, max(self.last, self.duration) * self.scale / NANOSECONDS)

    def add(self, element: int, data: bytes) -> None:
        if element == TIMESTAMP_SCALE:
            self.scale = int.from_bytes(data, "big")
        elif element == DURATION and len(data) in {4, 8}:
            (self.duration,) = struct.unpack(">f" if len(data) == 4 else ">d", data)
        elif element == CODEC:
            self.is_opus = self.is_opus or data.startswith(b"A_OPUS"[: len(data)])
        elif element == TIMESTAMP:
            self.cluster = int.from_bytes(data, "big")
        elif element in {SIMPLE_BLOCK, BLOCK}:
            self._add_block(data)

    def _add_block(self, data: bytes) -> None:
        """A block: the track, which we assume to be below 127, the time in the cluster, flags, a packet."""
        self.blocks += 1
        self.last = max(self.last, self.cluster + int.from_bytes(data[1:3], "big", signed=True))
        if not self.is_opus:
            return
        if len(data) > 4 and data[3] & LACING:  # several packets in one block, as no browser records them
            self.counted += (data[4] + 1) * MAX_SECONDS
        else:
            self.counted += packet_seconds(data[4:6])


async def seconds(cursor: Cursor, enough: float) -> float | None:
    """The longer of what is counted and what is stated; None if there is no block at all."""
    offset: int | None = 0
    found, ends = _Found(), [cursor.size]
    while offset is not None and found.seconds() <= enough:
        header = _header(await cursor.at(offset, HEADER_BYTES))
        if header is None:
            break
        element, size, length = header
        while len(ends) > 1 and ends[-1] <= offset:
            ends.pop()
        offset += length
        if element in ENTERED:
            ends.append(min(offset + size, ends[-1]))
            continue
        if element in READ:
            found.add(element, await cursor.at(offset, min(size, CONTENT_BYTES)))
        offset = await _next(cursor, offset, size, ends[-1])
    return found.seconds() if found.blocks or found.seconds() > enough else None


async def _next(cursor: Cursor, offset: int, size: int, end: int) -> int | None:
    """Where to go on after an element of `size` at `offset`, within another one that ends at `end`.

    Decoders believe no element that is longer than the one around it, and look for the next cluster.
    """
    if offset + size <= end:
        return offset + size
    return await cursor.find(CLUSTER.to_bytes(4, "big"), offset)


def _header(data: bytes) -> tuple[int, int, int] | None:
    """An element's id, the length of its content, and that of the header; None at the end of the file.

    If the length is unknown, it is longer than any file.
    """
    id_length = 9 - data[0].bit_length() if data else 9
    if id_length > 4 or len(data) <= id_length:
        return None
    size_length = 9 - data[id_length].bit_length()
    length = id_length + size_length
    if size_length > 8 or len(data) < length:
        return None
    largest = (1 << 7 * size_length) - 1
    size = int.from_bytes(data[id_length:length], "big") & largest
    if size == largest:
        size = UNKNOWN_SIZE
    return int.from_bytes(data[:id_length], "big"), size, length
