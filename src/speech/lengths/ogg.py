"""How long an Ogg plays: its Opus packets, or else what its last page says (RFC 3533, RFC 7845)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from speech.lengths.opus import packet_seconds

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from speech.lengths.cursor import Cursor

MARK = b"OggS"
HEADER_BYTES, MAX_SEGMENTS = 27, 255
CONTINUED = 1
# A segment of this length is followed by more of the same packet.
FULL_SEGMENT = 255
NO_POSITION = 2**64 - 1
OPUS_HEAD, OPUS_TAGS = b"OpusHead", b"OpusTags"
# The first bytes of other codecs' headers, and where their sampling rate is.
RATE_AT = {b"\x01vorbis": 12, b"Speex   ": 36}


async def seconds(cursor: Cursor, enough: float) -> float | None:
    """The seconds of all Opus packets, or of the last position in another codec; None if there is neither."""
    counted, position, rate = 0.0, 0, 0
    is_opus = False
    async for header, body in _pages(cursor):
        stated = int.from_bytes(header[6:14], "little")
        position = max(position, 0 if stated == NO_POSITION else stated)
        for start in _packet_starts(header):
            first = await cursor.at(body + start, len(OPUS_HEAD))
            is_opus |= first == OPUS_HEAD
            if is_opus and first not in {OPUS_HEAD, OPUS_TAGS}:
                counted += packet_seconds(first[:2])
        rate = rate or await _rate(cursor, body)
        if counted > enough:
            break
    return counted if is_opus else position / rate if rate else None


async def _pages(cursor: Cursor) -> AsyncIterator[tuple[bytes, int]]:
    """Each page's header, with its table of segments, and where its body begins.

    Pages within the body of another are found too: if its checksum is wrong, decoders look for them there.
    """
    offset: int | None = 0
    while offset is not None:
        header = await cursor.at(offset, HEADER_BYTES + MAX_SEGMENTS)
        if len(header) < HEADER_BYTES:
            return
        if not header.startswith(MARK):
            offset = await cursor.find(MARK, offset)
            continue
        header = header[: HEADER_BYTES + header[26]]
        body = offset + len(header)
        yield header, body
        offset = await cursor.find(MARK, body)


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
