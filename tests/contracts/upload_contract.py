"""What `POST /transcribe` answers to each form: the same locally and at the edge.

The settings are the defaults, with a key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from settings import FORM_OVERHEAD_BYTES, MAX_RECORDING_BYTES
from tests.audio_files import MP3_8_KBIT, OPUS_60_MS, webm_file
from tests.recordings import NOISE, wav

if TYPE_CHECKING:
    from collections.abc import Iterator

BOUNDARY = "----FormBoundary7MA4YWxkTrZu0gW"
FORM = f"multipart/form-data; boundary={BOUNDARY}"
END = f"--{BOUNDARY}--\r\n".encode()
SPOKEN = wav(1)


class Case(NamedTuple):
    """A body of this content type, and the status and error code of the response, or the text."""

    body: bytes
    outcome: tuple[int, str]
    content_type: str = FORM

    def chunks(self) -> Iterator[bytes]:
        """The body in chunks, for a request that does not announce its length."""
        for start in range(0, len(self.body), 50_000):
            yield self.body[start : start + 50_000]


def part(name: str, content: bytes, *, filename: str = "", content_type: str = "") -> bytes:
    """A part of a form."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'
    if filename:
        head += f'; filename="{filename}"'
    if content_type:
        head += f"\r\nContent-Type: {content_type}"
    return head.encode() + b"\r\n\r\n" + content + b"\r\n"


def file(content: bytes, content_type: str = "") -> bytes:
    """The part with the recording."""
    return part("file", content, filename="my voice.wav", content_type=content_type)


OK = (200, "hello")
INVALID_FORM = (400, "invalid_form")
TOO_LARGE = (413, "audio_too_large")
NO_FORM = (415, "invalid_body")
UNSUPPORTED = (415, "unsupported_audio")
LONG = bytes(MAX_RECORDING_BYTES + 1)

CASES = {
    "recording": Case(file(SPOKEN, "audio/wav") + END, OK),
    "recording without a type": Case(file(SPOKEN) + END, OK),
    "recording of an unspecific type": Case(file(SPOKEN, "application/octet-stream") + END, OK),
    "recording of a type in capitals": Case(file(SPOKEN, "Audio/WAV;codecs=1") + END, OK),
    "recording called Matroska": Case(file(webm_file([OPUS_60_MS] * 20), "audio/x-matroska") + END, OK),
    "largest recording": Case(file(SPOKEN + LONG[len(SPOKEN) + 1 :]) + END, OK),
    "language": Case(file(SPOKEN) + part("language", b"en-GB") + END, OK),
    "empty language": Case(file(SPOKEN) + part("language", b"") + END, OK),
    "eight fields": Case(file(SPOKEN) + part("more", b"x") * 8 + END, OK),
    "several languages": Case(file(SPOKEN) + part("language", b"?") + part("language", b"de") + END, OK),
    "quoted boundary": Case(file(SPOKEN) + END, OK, f'Multipart/Form-Data; boundary="{BOUNDARY}"'),
    "no line break at the end": Case(file(SPOKEN) + END.rstrip(), OK),
    "JSON": Case(b"{}", NO_FORM, "application/json"),
    "form without files": Case(b"language=en", NO_FORM, "application/x-www-form-urlencoded"),
    "no boundary": Case(file(SPOKEN) + END, INVALID_FORM, "multipart/form-data"),
    "another boundary": Case(file(SPOKEN) + END, INVALID_FORM, "multipart/form-data; boundary=y"),
    "no form at all": Case(b"x", INVALID_FORM),
    "empty body": Case(b"", INVALID_FORM),
    "form that breaks off": Case(file(SPOKEN), INVALID_FORM),
    "form that breaks off in the recording": Case(file(SPOKEN)[:5000], INVALID_FORM),
    "part without a name": Case(file(SPOKEN).replace(b'name="file"; ', b"") + END, INVALID_FORM),
    "two files": Case(file(SPOKEN) + part("other", SPOKEN, filename="b") + END, INVALID_FORM),
    "nine fields": Case(file(SPOKEN) + part("more", b"x") * 9 + END, INVALID_FORM),
    "long field": Case(file(SPOKEN) + part("more", b"x" * 1025) + END, INVALID_FORM),
    "form without parts": Case(END, (400, "audio_required")),
    "no recording": Case(part("language", b"en") + END, (400, "audio_required")),
    "recording as text": Case(part("file", b"hello") + END, (400, "audio_required")),
    "recording of another name": Case(part("audio", SPOKEN, filename="a") + END, (400, "audio_required")),
    "language that is a path": Case(
        file(SPOKEN) + part("language", b"../etc") + END, (400, "invalid_language")
    ),
    "language that is not text": Case(
        file(SPOKEN) + part("language", b"\xff\xfe") + END, (400, "invalid_language")
    ),
    "empty recording": Case(file(b"", "audio/wav") + END, (400, "audio_empty")),
    "header alone": Case(file(SPOKEN[:100]) + END, (400, "audio_too_short")),
    "short recording": Case(file(wav(0.05)) + END, (400, "audio_too_short")),
    "noise": Case(file(NOISE, "audio/wav") + END, UNSUPPORTED),
    "recording of another kind": Case(file(SPOKEN, "audio/webm") + END, UNSUPPORTED),
    "picture": Case(file(SPOKEN, "image/png") + END, UNSUPPORTED),
    "large recording": Case(file(LONG) + END, TOO_LARGE),
    "long recording": Case(file(MP3_8_KBIT * 2000) + END, (413, "audio_too_long")),
    "large form": Case(file(bytes(MAX_RECORDING_BYTES + FORM_OVERHEAD_BYTES)) + END, (413, "body_too_large")),
    "very large form": Case(file(bytes(5_000_000)) + END, (413, "body_too_large")),
}
