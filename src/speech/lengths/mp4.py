"""How long an MP4 plays: its AAC frames, and the times that it states (ISO/IEC 14496-12)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from speech.lengths.aac import SAMPLES_PER_FRAME, slowest_rate
from speech.lengths.cursor import WINDOW_BYTES
from speech.lengths.length import Length
from speech.lengths.mp4_frames import Frames

if TYPE_CHECKING:
    from speech.lengths.cursor import Cursor

# The boxes whose parts are looked at; all others are passed over.
ENTERED = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"mvex", b"moof", b"traf"})
TIMES = frozenset({b"mvhd", b"mdhd", b"tfdt"})
FRAMES = frozenset({b"stsz", b"stz2", b"trex", b"tfhd", b"trun"})
CODECS = b"stsd"
HEADER_BYTES, LARGE_HEADER_BYTES = 8, 16
# What headers take: in fragments, up to four numbers for each frame.
OTHER_BYTES, OTHER_BYTES_PER_FRAME = 4096, 16


@dataclass(slots=True)
class _Found:
    """What has been found so far; `rates` are those of the codecs, 0 for any other than AAC."""

    stated: float = 0.0
    timescale: int = 0
    rates: list[int] = field(default_factory=list)
    frames: Frames = field(default_factory=Frames)

    def length(self, size: int) -> Length:
        """The length of a file of `size` bytes; nothing in it is counted if another codec may be decoded."""
        rate, frames = min(self.rates, default=0), self.frames
        if not rate:
            return Length(stated=self.stated, uncounted=size)
        known = frames.size + OTHER_BYTES + OTHER_BYTES_PER_FRAME * frames.count
        return Length(frames.count * SAMPLES_PER_FRAME / rate, self.stated, max(0, size - known))

    def add(self, box: bytes, data: bytes) -> None:
        if box == CODECS:
            self.rates.append(slowest_rate(data))
        elif box in FRAMES:
            self.frames.add(box, data)
        elif box == b"tfdt" and self.timescale:
            time = int.from_bytes(data[4 : 12 if data[:1] == b"\x01" else 8], "big")
            self.stated = max(self.stated, time / self.timescale)
        elif box in {b"mvhd", b"mdhd"}:
            self._add_duration(data, is_track=box == b"mdhd")

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


async def measure(cursor: Cursor, enough: float) -> Length:
    """The length of all AAC frames; what the file holds besides is not counted."""
    offset, found = 0, _Found()
    while found.length(0).seconds <= enough:
        header = await cursor.at(offset, LARGE_HEADER_BYTES)
        if len(header) < HEADER_BYTES:
            break
        box, size, length = _box(header, cursor.size - offset)
        if box in TIMES | FRAMES | {CODECS}:
            found.add(box, await cursor.at(offset + length, min(max(0, size - length), WINDOW_BYTES)))
        offset += length if box in ENTERED else max(size, length)
    return found.length(cursor.size)


def _box(header: bytes, left: int) -> tuple[bytes, int, int]:
    """A box's type, its size with the header, and the header's; size 0 means to the end of the file."""
    size = int.from_bytes(header[:4], "big")
    if size == 1:
        return header[4:8], int.from_bytes(header[8:16], "big"), LARGE_HEADER_BYTES
    return header[4:8], size or left, HEADER_BYTES
