"""How long a packet of Opus plays, by its first two bytes (RFC 6716, section 3.1)."""

from __future__ import annotations

SILK = (0.01, 0.02, 0.04, 0.06)
HYBRID = (0.01, 0.02)
CELT = (0.0025, 0.005, 0.01, 0.02)
# The longest packet, and what a packet without any byte stands for: one that was lost.
MAX_SECONDS, LOST_SECONDS = 0.12, 0.02


def packet_seconds(first: bytes) -> float:
    """The seconds of the packet that begins with `first`, two bytes unless it is shorter."""
    if not first:
        return LOST_SECONDS
    config, code = first[0] >> 3, first[0] & 3
    if config >= 16:
        frame = CELT[config & 3]
    elif config >= 12:
        frame = HYBRID[config & 1]
    else:
        frame = SILK[config & 3]
    frames = (1, 2, 2, first[1] & 0x3F if len(first) > 1 else 1)[code]
    return min(frames * frame, MAX_SECONDS)
