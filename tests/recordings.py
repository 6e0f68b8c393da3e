"""Recordings in each format that the API accepts: a real header followed by noise."""

from __future__ import annotations

import io
import wave

NOISE = bytes(range(256)) * 4


def wav(seconds: float) -> bytes:
    """Return a WAV file of silence: 16 kHz, 16 bits, mono."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(16_000)
        writer.writeframes(bytes(2 * round(16_000 * seconds)))
    return file.getvalue()


RECORDINGS = {
    "webm": ("audio/webm;codecs=opus", b"\x1a\x45\xdf\xa3" + NOISE),
    "mp4": ("audio/mp4", b"\x00\x00\x00\x1cftypiso5" + NOISE),
    "wav": ("audio/wav", wav(0.5)),
    "ogg": ("audio/ogg", b"OggS" + NOISE),
    "mp3": ("audio/mpeg", b"ID3" + NOISE),
}
