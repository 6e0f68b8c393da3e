"""The frames that an MP4 describes: how many, and how many bytes they take (ISO/IEC 14496-12)."""

from __future__ import annotations

from dataclasses import dataclass
from struct import unpack_from

from speech.lengths.aac import MAX_FRAME_BYTES

# Flags of `tfhd`: the numbers before the default size of a frame, with their bytes, and that size.
BEFORE_DEFAULT, DEFAULT_SIZE = {0x1: 8, 0x2: 4, 0x8: 4}, 0x10
# Flags of `trun`: the numbers before those of the frames, and the numbers that each frame has.
BEFORE_FRAMES, DURATION, SIZE, PER_FRAME = (0x1, 0x4), 0x100, 0x200, (0x100, 0x200, 0x400, 0x800)


@dataclass(slots=True)
class Frames:
    """All frames described so far. `size` counts at most `MAX_FRAME_BYTES` of each.

    Decoders take what is left of a longer frame for another one.
    """

    count: int = 0
    size: int = 0
    _default: int = 0
    _track_default: int = 0

    def add(self, box: bytes, data: bytes) -> None:
        """Add what `data`, the content of a box of this type, describes."""
        if box == b"trex":
            self._track_default = _number(data, 16)
        elif box == b"tfhd":
            self._set_default(data)
        elif box == b"trun":
            self._add_run(data)
        elif box == b"stz2":  # smaller sizes, which nobody uses for audio
            self._add(_number(data, 8), 0)
        elif fixed := _number(data, 4):
            self._add(_number(data, 8), min(fixed, MAX_FRAME_BYTES) * _number(data, 8))
        else:
            self._add(_number(data, 8), _total(data, 12, 4))

    def _add(self, count: int, size: int) -> None:
        self.count += count
        self.size += size

    def _set_default(self, data: bytes) -> None:
        flags = _number(data, 0)
        start = 8 + sum(width for flag, width in BEFORE_DEFAULT.items() if flags & flag)
        self._default = _number(data, start) if flags & DEFAULT_SIZE else self._track_default

    def _add_run(self, data: bytes) -> None:
        flags, count = _number(data, 0), _number(data, 4)
        start = 8 + 4 * sum(bool(flags & flag) for flag in BEFORE_FRAMES)
        if flags & SIZE:
            step = 4 * sum(bool(flags & flag) for flag in PER_FRAME)
            self._add(count, _total(data, start + 4 * bool(flags & DURATION), step))
        else:
            self._add(count, count * min(self._default, MAX_FRAME_BYTES))


def _number(data: bytes, start: int) -> int:
    return int.from_bytes(data[start : start + 4], "big")


def _total(data: bytes, start: int, step: int) -> int:
    """The sum of the numbers at every `step` bytes from `start` on, each up to `MAX_FRAME_BYTES`."""
    places = range(start, len(data) - 3, step)
    return sum(min(unpack_from(">I", data, place)[0], MAX_FRAME_BYTES) for place in places)
