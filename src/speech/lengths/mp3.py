"""How long an MP3 plays: the frames that it consists of, each of which states its length."""

from __future__ import annotations

from typing import TYPE_CHECKING

from speech.lengths.length import Length

if TYPE_CHECKING:
    from speech.lengths.cursor import Cursor

HEADER_BYTES, TAG_BYTES = 4, 10
SYNC = b"\xff"
# kbit/s by index 1 to 14, by MPEG version 1 or not, and by layer.
_V1 = {
    1: (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    2: (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    3: (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
}
_V2_LOW = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_V2 = {1: (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256), 2: _V2_LOW, 3: _V2_LOW}
_RATES = (44_100, 48_000, 32_000)
# How often the rates are halved, by the two bits of the version; 1 is reserved.
_HALVED = {3: 0, 2: 1, 0: 2}


async def measure(cursor: Cursor, enough: float) -> Length:
    """The length of all frames. What is between them is not counted, and neither is a tag before them."""
    offset = await _after_tag(cursor)
    length = Length(uncounted=min(offset, cursor.size))
    while length.seconds <= enough:
        header = await cursor.at(offset, HEADER_BYTES)
        if len(header) < HEADER_BYTES:
            break
        if frame := _frame(header):
            length.counted += frame[0]
            offset += frame[1]
        else:
            found = await cursor.find(SYNC, offset + 1)
            end = cursor.size if found is None else found
            length.uncounted += end - offset
            offset = end
    return length


async def _after_tag(cursor: Cursor) -> int:
    tag = await cursor.at(0, TAG_BYTES)
    if not tag.startswith(b"ID3") or len(tag) < TAG_BYTES:
        return 0
    length = 0
    for byte in tag[6:]:
        length = length << 7 | byte & 0x7F
    return TAG_BYTES + length


def _frame(header: bytes) -> tuple[float, int] | None:
    """A frame's seconds and bytes; None if this is not the header of one."""
    version, layer = header[1] >> 3 & 3, 4 - (header[1] >> 1 & 3)
    bitrate, rate = header[2] >> 4, header[2] >> 2 & 3
    if header[0] != 0xFF or header[1] < 0xE0 or version == 1 or layer == 4 or bitrate in {0, 15} or rate == 3:
        return None
    hertz = _RATES[rate] >> _HALVED[version]
    bits = (_V1 if version == 3 else _V2)[layer][bitrate - 1] * 1000
    samples = 384 if layer == 1 else 576 if layer == 3 and version != 3 else 1152
    slot = 4 if layer == 1 else 1
    size = (samples // 8 * bits // hertz // slot + (header[2] >> 1 & 1)) * slot
    return samples / hertz, size
