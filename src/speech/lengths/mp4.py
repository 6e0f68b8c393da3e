"""How long an MP4 plays: its AAC frames, and the times that it states (ISO/IEC 14496-12 and 14496-3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from speech.lengths.cursor import Cursor

# The boxes whose parts are looked at; all others are passed over.
ENTERED = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"moof", b"traf"})
READ = frozenset({b"mvhd", b"mdhd", b"tfdt", b"stsd", b"stsz", b"stz2", b"trun"})
HEADER_BYTES, LARGE_HEADER_BYTES = 8, 16
# A sample entry with the decoder's configuration takes about 100 bytes.
READ_BYTES = 256
AAC_SAMPLES = 1024
AAC_RATES = (
    *(96_000, 88_200, 64_000, 48_000, 44_100, 32_000),
    *(24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350),
)
# The index that stands for a rate of 24 bits right after it.
EXPLICIT_RATE = 15
CONFIGURATION_TAG = 5


@dataclass(slots=True)
class _Found:
    """What has been found so far."""

    stated: float = 0.0
    timescale: int = 0
    frames: int = 0
    rate: int = 0

    def seconds(self) -> float:
        return max(self.stated, self.frames * AAC_SAMPLES / self.rate if self.rate else 0.0)

    def add(self, box: bytes, data: bytes) -> None:
        if box in {b"mvhd", b"mdhd"}:
            self._add_duration(data, is_track=box == b"mdhd")
        elif box == b"tfdt" and self.timescale:
            time = int.from_bytes(data[4 : 12 if data[:1] == b"\x01" else 8], "big")
            self.stated = max(self.stated, time / self.timescale)
        elif box == b"stsd":
            self.rate = _aac_rate(data) or self.rate
        elif box in {b"stsz", b"stz2", b"trun"}:
            start = 4 if box == b"trun" else 8
            self.frames += int.from_bytes(data[start : start + 4], "big")

    def _add_duration(self, data: bytes, *, is_track: bool) -> None:
        is_long = data[:1] == b"\x01"
        start, width = (20, 8) if is_long else (12, 4)
        scale = int.from_bytes(data[start : start + 4], "big")
        duration = int.from_bytes(data[start + 4 : start + 4 + width], "big")
        is_known = duration != (1 << 8 * width) - 1
        if scale and is_known:
            self.stated = max(self.stated, duration / scale)
        if is_track:
            self.timescale = scale


async def seconds(cursor: Cursor, enough: float) -> float | None:
    """The longer of what is counted and what is stated; None if there is nothing of either."""
    offset, found = 0, _Found()
    while found.seconds() <= enough:
        header = await cursor.at(offset, LARGE_HEADER_BYTES)
        if len(header) < HEADER_BYTES:
            break
        box, size, length = _box(header, cursor.size - offset)
        if box in READ:
            found.add(box, await cursor.at(offset + length, min(size - length, READ_BYTES)))
        offset += length if box in ENTERED else max(size, length)
    return found.seconds() or None


def _box(header: bytes, left: int) -> tuple[bytes, int, int]:
    """A box's type, its size with the header, and the header's; size 0 means to the end of the file."""
    size = int.from_bytes(header[:4], "big")
    if size == 1:
        return header[4:8], int.from_bytes(header[8:16], "big"), LARGE_HEADER_BYTES
    return header[4:8], size or left, HEADER_BYTES


def _aac_rate(description: bytes) -> int:
    """The sampling rate in the decoder's configuration; 0 if this is not AAC."""
    start = description.find(b"esds")
    configuration = description.find(bytes([CONFIGURATION_TAG]), description.find(b"\x04", start) + 14)
    if b"mp4a" not in description or start < 0 or configuration < 0:
        return 0
    # The length that follows the tag may be written in up to four bytes.
    content = description[configuration + 1 :].lstrip(b"\x80")[1:6]
    bits = int.from_bytes(content.ljust(5, b"\0"), "big")
    index = bits >> 31 & 0xF
    if index == EXPLICIT_RATE:
        return bits >> 7 & 0xFFFFFF
    return AAC_RATES[index] if len(content) > 1 and index < len(AAC_RATES) else 0
