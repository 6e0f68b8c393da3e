"""How long a WAV plays: the bytes of its samples, divided by the bytes per second."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from speech.lengths.cursor import Cursor

CHUNK_HEADER, RIFF_HEADER, FORMAT_BYTES = 8, 12, 16
# PCM, floating point, A-law, µ-law, and 'see the extension'; every other format is compressed.
PLAIN_FORMATS = (1, 3, 6, 7, 0xFFFE)


async def seconds(cursor: Cursor, enough: float) -> float | None:
    """The seconds of all bytes from the samples to the end, whatever the header says of their number.

    None if there are no samples or no format, or a compressed one.
    """
    del enough
    offset, rate = RIFF_HEADER, 0
    while len(header := await cursor.at(offset, CHUNK_HEADER)) == CHUNK_HEADER:
        offset += CHUNK_HEADER
        if header.startswith(b"data"):
            return (cursor.size - offset) / rate if rate else None
        if header.startswith(b"fmt "):
            rate = _bytes_per_second(await cursor.at(offset, FORMAT_BYTES))
        length = int.from_bytes(header[4:], "little")
        offset += length + length % 2
    return None


def _bytes_per_second(header: bytes) -> int:
    """The lowest rate that the fields imply, since they may contradict one another."""
    kind, channels, rate, stated, block, bits = (
        int.from_bytes(header[start:stop], "little")
        for start, stop in ((0, 2), (2, 4), (4, 8), (8, 12), (12, 14), (14, 16))
    )
    if kind not in PLAIN_FORMATS:
        return 0
    possible = (stated, rate * block, rate * channels * bits // 8)
    return min((value for value in possible if value), default=0)
