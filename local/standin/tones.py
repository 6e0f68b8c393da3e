"""Speech in tones: one for each word, as long as the word takes to say."""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLE_RATE = 24_000  # OpenAI's pcm: 24 kHz, 16 bits, little-endian, mono
CHARACTERS_PER_SECOND = 15  # 150 words a minute, a common reading speed, of six characters with the space
AMPLITUDE = 6_000  # of 32,767: soft


def samples(text: str, speed: float = 1.0) -> Iterator[bytes]:
    """The raw samples of each word in turn; each tone swells and fades."""
    return (_tone(word, _sample_count(word, speed)) for word in _words(text))


def wav(text: str, speed: float = 1.0) -> Iterator[bytes]:
    """`samples` as a WAV file; the first piece starts with the header, which states the total length."""
    header = _wav_header(2 * sum(_sample_count(word, speed) for word in _words(text)))
    for tone in samples(text, speed):
        yield header + tone
        header = b""


def _words(text: str) -> list[str]:
    return text.split() or [" "]


def _sample_count(word: str, speed: float) -> int:
    return round((len(word) + 1) / CHARACTERS_PER_SECOND / speed * SAMPLE_RATE)


def _tone(word: str, count: int) -> bytes:
    pitch = (180 + 20 * (len(word) % 8)) * 2 * math.pi / SAMPLE_RATE
    swell = math.pi / count
    wave = (int(AMPLITUDE * math.sin(swell * i) * math.sin(pitch * i)) for i in range(count))
    return struct.pack(f"<{count}h", *wave)


def _wav_header(size: int) -> bytes:
    layout = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, SAMPLE_RATE, 2 * SAMPLE_RATE, 2, 16)
    return struct.pack("<4sI4s", b"RIFF", 36 + size, b"WAVE") + layout + struct.pack("<4sI", b"data", size)
