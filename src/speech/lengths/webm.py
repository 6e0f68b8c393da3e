"""How long a WebM plays: its Opus packets, and the times that it states (RFC 8794, RFC 9559).

What a browser records states no duration, because it is written while it is being recorded.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from speech.lengths.length import Length
from speech.lengths.opus import MAX_SECONDS, packet_seconds

if TYPE_CHECKING:
    from speech.lengths.cursor import Cursor

SEGMENT, INFO, TRACKS, TRACK, CLUSTER, GROUP = 0x18538067, 0x1549A966, 0x1654AE6B, 0xAE, 0x1F43B675, 0xA0
TIMESTAMP_SCALE, DURATION, CODEC, ENCODINGS, TIMESTAMP = 0x2AD7B1, 0x4489, 0x86, 0x6D80, 0xE7
SIMPLE_BLOCK, BLOCK = 0xA3, 0xA1
BLOCKS = frozenset({SIMPLE_BLOCK, BLOCK})
# The elements whose parts are looked at; all others are passed over.
ENTERED = frozenset({SEGMENT, INFO, TRACKS, TRACK, CLUSTER, GROUP})
READ = frozenset({TIMESTAMP_SCALE, DURATION, CODEC, ENCODINGS, TIMESTAMP, *BLOCKS})
# The longest header of an element, and the most that is read of its content: the header of a block, whose
# number of the track may take eight bytes, and of a packet.
HEADER_BYTES, CONTENT_BYTES = 12, 14
OPUS = b"A_OPUS"
# Three frames of 20 ms at Opus's highest bitrate take 3,825 bytes.
MAX_BLOCK_BYTES = 4096
LACING = 0x06
UNKNOWN_SIZE = 1 << 56
NO_ELEMENT = (0, UNKNOWN_SIZE, 1)
NANOSECONDS = 1e9


@dataclass(slots=True)
class _Found:
    """What has been found so far; times are in units of `scale` nanoseconds."""

    scale: int = 1_000_000
    duration: float = 0.0
    cluster: int = 0
    last: int = 0
    codecs: set[bytes] = field(default_factory=set)
    is_encoded: bool = False
    blocks: int = 0
    counted: float = 0.0
    passed_over: int = 0

    def length(self, size: int) -> Length:
        """The length of a file of `size` bytes; nothing in it is counted if another codec may be decoded."""
        # In this order, a duration that is not a number does not count.
        stated = max(self.last, self.duration) * self.scale / NANOSECONDS
        if self.codecs != {OPUS}:
            return Length(stated=stated, uncounted=size)
        counted = self.blocks * MAX_SECONDS if self.is_encoded else self.counted
        return Length(counted, stated, self.passed_over)

    def add(self, element: int, data: bytes) -> None:
        if element == TIMESTAMP_SCALE:
            self.scale = int.from_bytes(data[:8], "big")
        elif element == DURATION and len(data) in {4, 8}:
            (self.duration,) = struct.unpack(">f" if len(data) == 4 else ">d", data)
        elif element == CODEC:
            self.codecs.add(data.rstrip(b"\0"))
        elif element == ENCODINGS:  # compressed: the packets cannot be read
            self.is_encoded = True
        elif element == TIMESTAMP:
            self.cluster = int.from_bytes(data[:8], "big")
        else:
            self._add_block(data)

    def _add_block(self, data: bytes) -> None:
        """A block: the number of its track, the time in the cluster, flags, a packet."""
        self.blocks += 1
        start = 9 - data[0].bit_length() if data else 1
        self.last = max(self.last, self.cluster + int.from_bytes(data[start : start + 2], "big", signed=True))
        flags, packet = data[start + 2 : start + 3], data[start + 3 : start + 5]
        if flags and flags[0] & LACING:  # several packets in one block, as no browser records them
            self.counted += (packet[0] + 1 if packet else 1) * MAX_SECONDS
        else:
            self.counted += packet_seconds(packet)


async def measure(cursor: Cursor, enough: float) -> Length:
    """The length of all Opus packets. What is between them is not counted, apart from small elements."""
    offset: int | None = 0
    found, ends = _Found(), [cursor.size]
    while offset is not None and found.length(0).seconds <= enough:
        element, size, length = _header(await cursor.at(offset, HEADER_BYTES))
        while len(ends) > 1 and ends[-1] <= offset:
            ends.pop()
        offset += length
        if element in ENTERED:
            ends.append(min(offset + size, ends[-1]))
            continue
        if element in READ:
            found.add(element, await cursor.at(offset, min(size, CONTENT_BYTES)))
        begin, offset = offset, await _next(cursor, offset, size, ends[-1])
        end = cursor.size if offset is None else offset
        known = MAX_BLOCK_BYTES if element in BLOCKS else CONTENT_BYTES
        found.passed_over += max(0, end - begin - known)
    return found.length(cursor.size)


async def _next(cursor: Cursor, offset: int, size: int, end: int) -> int | None:
    """Where to go on after an element of `size` at `offset`, within another one that ends at `end`.

    Decoders believe no element that is longer than the one around it, and look for the next cluster.
    """
    if offset + size <= end:
        return offset + size
    return await cursor.find(CLUSTER.to_bytes(4, "big"), offset)


def _header(data: bytes) -> tuple[int, int, int]:
    """An element's id, the length of its content, and that of the header.

    If the length is unknown, it is longer than any file, as is what is not an element at all.
    """
    id_length = 9 - data[0].bit_length() if data else 9
    if id_length > 4 or len(data) <= id_length:
        return NO_ELEMENT
    size_length = 9 - data[id_length].bit_length()
    length = id_length + size_length
    if size_length > 8 or len(data) < length:
        return NO_ELEMENT
    largest = (1 << 7 * size_length) - 1
    size = int.from_bytes(data[id_length:length], "big") & largest
    if size == largest:
        size = UNKNOWN_SIZE
    return int.from_bytes(data[:id_length], "big"), size, length
