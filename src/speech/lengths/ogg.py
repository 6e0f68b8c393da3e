"""How long an Ogg plays: its Opus packets, and what its last page says (RFC 3533, RFC 7845)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from speech.lengths.length import Length
from speech.lengths.opus import packet_seconds

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from speech.lengths.cursor import Cursor

MARK = b"OggS"
HEADER_BYTES, MAX_SEGMENTS = 27, 255
# Flags of a page: it begins with the rest of a packet, or it is the first of a stream.
CONTINUED, FIRST = 1, 2
# A segment of this length is followed by more of the same packet.
FULL_SEGMENT = 255
NO_POSITION = b"\xff" * 8
OPUS_HEAD, OPUS_TAGS = b"OpusHead", b"OpusTags"
# The first bytes of other codecs' headers, and where their sampling rate is.
RATE_AT = {b"\x01vorbis": 12, b"Speex   ": 36}


async def measure(cursor: Cursor, enough: float) -> Length:
    """The length of all Opus packets, or the last position in another codec if that is more.

    Nothing is counted if there is a stream of another codec: it may be the one that is decoded.
    """
    length, is_opus, others, rate = Length(), False, 0, 0
    async for header, body, end in _pages(cursor):
        is_first = header[5] & FIRST
        rate = rate or await _rate(cursor, body)
        if rate and header[6:14] != NO_POSITION:
            length.stated = max(length.stated, int.from_bytes(header[6:14], "little") / rate)
        for start in _packet_starts(header):
            first = await cursor.at(body + start, len(OPUS_HEAD))
            is_opus |= first == OPUS_HEAD
            others += bool(is_first and first != OPUS_HEAD)
            if is_opus and first not in {OPUS_HEAD, OPUS_TAGS}:
                length.counted += packet_seconds(first[:2])
        length.uncounted += max(0, end - body - sum(header[HEADER_BYTES:]))
        if length.seconds > enough:
            break
    if others or not is_opus:
        length.uncounted = cursor.size
    return length


async def _pages(cursor: Cursor) -> AsyncIterator[tuple[bytes, int, int]]:
    """Each page's header, with its table of segments, where its body begins, and where the next page does.

    Pages within the body of another are found too: if its checksum is wrong, decoders look for them there.
    """
    offset = await cursor.find(MARK, 0)
    while offset is not None:
        header = await cursor.at(offset, HEADER_BYTES + MAX_SEGMENTS)
        if len(header) < HEADER_BYTES:
            return
        header = header[: HEADER_BYTES + header[26]]
        body = offset + len(header)
        offset = await cursor.find(MARK, body)
        yield header, body, cursor.size if offset is None else offset


def _packet_starts(header: bytes) -> Iterator[int]:
    """Where in the page's body packets begin."""
    start = 0
    is_new = not header[5] & CONTINUED
    for length in header[HEADER_BYTES:]:
        if is_new:
            yield start
        start += length
        is_new = length < FULL_SEGMENT


async def _rate(cursor: Cursor, body: int) -> int:
    first = await cursor.at(body, 40)
    for mark, start in RATE_AT.items():
        if first.startswith(mark):
            return int.from_bytes(first[start : start + 4], "little")
    return 0
