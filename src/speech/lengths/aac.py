"""The sampling rate of AAC, as an MP4 describes it (ISO/IEC 14496-12, 14496-1 and 14496-3)."""

from __future__ import annotations

SAMPLES_PER_FRAME = 1024
# The most that a frame takes for one channel: 6,144 bits. Voice takes one, and music rarely that much.
MAX_FRAME_BYTES = 768
RATES = (
    *(96_000, 88_200, 64_000, 48_000, 44_100, 32_000),
    *(24_000, 22_050, 16_000, 12_000, 11_025, 8000, 7350),
)
# The index that stands for a rate of 24 bits right after it.
EXPLICIT_RATE = 15
# The kinds of AAC with frames of 1,024 samples: Main, LC, SSR, LTP, and with SBR or PS on top.
KINDS = frozenset({1, 2, 3, 4, 5, 29})
# MPEG-4 audio, and the three profiles of MPEG-2 AAC.
OBJECT_TYPES = frozenset({0x40, 0x66, 0x67, 0x68})
STREAM_TAG, DECODER_TAG, CONFIGURATION_TAG = 3, 4, 5
# Where the decoder's configuration begins in what describes the decoder.
CONFIGURATION_AT = 13


def slowest_rate(descriptions: bytes) -> int:
    """The lowest sampling rate in a box `stsd`; 0 if anything but such AAC is described there."""
    rates, offset = list[int](), 8
    while offset + 8 <= len(descriptions):
        size = int.from_bytes(descriptions[offset : offset + 4], "big")
        entry = descriptions[offset : offset + size]
        if size < 8 or entry[4:8] != b"mp4a":
            return 0
        # The box `esds` may be inside another; each that there might be counts.
        rates += [_rate(content[4:]) for content in entry.split(b"esds")[1:]] or [0]
        offset += size
    return min(rates, default=0)


def _rate(stream: bytes) -> int:
    """The rate that the descriptor of an elementary stream states; 0 if it does not."""
    decoder = _content(_content(stream, STREAM_TAG)[3:], DECODER_TAG)
    kind, configuration = decoder[:1], _content(decoder[CONFIGURATION_AT:], CONFIGURATION_TAG)
    if not kind or kind[0] not in OBJECT_TYPES or len(configuration) < 2:
        return 0
    bits = int.from_bytes(configuration[:5].ljust(5, b"\0"), "big")
    index = bits >> 31 & 0xF
    if bits >> 35 not in KINDS:
        return 0
    if index == EXPLICIT_RATE:
        return bits >> 7 & 0xFFFFFF
    return RATES[index] if index < len(RATES) else 0


def _content(data: bytes, tag: int) -> bytes:
    """What follows the head of the descriptor at the beginning of `data`; nothing if its tag is another one.

    Decoders do not look at the length in a descriptor's head, either.
    """
    if data[:1] != bytes([tag]):
        return b""
    for place, byte in enumerate(data[1:5], 2):
        if byte < 0x80:
            return data[place:]
    return b""
