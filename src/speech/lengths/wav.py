"""How long a WAV plays: the bytes of its samples, divided by the bytes per second."""

from __future__ import annotations

from typing import TYPE_CHECKING

from speech.lengths.length import Length

if TYPE_CHECKING:
    from speech.lengths.cursor import Cursor

CHUNK_HEADER, RIFF_HEADER, FORMAT_BYTES = 8, 12, 40
# PCM, floating point, A-law and µ-law; every other format is compressed.
PLAIN_FORMATS = (1, 3, 6, 7)
# The format is in an extension: the first two bytes of a GUID that ends like this (mmreg.h).
EXTENSIBLE, GUID_END = 0xFFFE, bytes.fromhex("000000001000800000aa00389b71")


async def measure(cursor: Cursor, enough: float) -> Length:
    """The length of all bytes from the samples to the end, whatever the header says of their number.

    If there are several formats, the slowest counts: which of them a decoder takes is not known. Nothing is
    counted if there are no samples or no format, or a compressed one.
    """
    del enough
    offset, rates = RIFF_HEADER, list[int]()
    while len(header := await cursor.at(offset, CHUNK_HEADER)) == CHUNK_HEADER:
        offset += CHUNK_HEADER
        if header.startswith(b"data"):
            slowest = min(rates, default=0)
            return Length((cursor.size - offset) / slowest) if slowest else Length(uncounted=cursor.size)
        if header.startswith(b"fmt "):
            rates.append(_bytes_per_second(await cursor.at(offset, FORMAT_BYTES)))
        length = int.from_bytes(header[4:], "little")
        offset += length + length % 2
    return Length(uncounted=cursor.size)


def _bytes_per_second(header: bytes) -> int:
    """The lowest rate that the fields imply, since they may contradict one another; 0 if it is compressed."""
    kind, channels, rate, stated, block, bits = (
        int.from_bytes(header[start:stop], "little")
        for start, stop in ((0, 2), (2, 4), (4, 8), (8, 12), (12, 14), (14, 16))
    )
    if kind == EXTENSIBLE and header[26:] == GUID_END:
        kind = int.from_bytes(header[24:26], "little")
    if kind not in PLAIN_FORMATS:
        return 0
    possible = (stated, rate * block, rate * channels * bits // 8)
    return min((value for value in possible if value), default=0)
