"""A recording that a visitor sends: its kind, by its first bytes, and whether its length is acceptable."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from errors import BodyTooLarge, InvalidRequest, UnsupportedMedia
from speech.lengths import seconds_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from settings import Settings
    from speech.upload import AudioFile

# The containers that browsers record and two that people upload: file extension to media types.
MEDIA_TYPES = {
    # WebM is a subset of Matroska, and Chromium on some systems says so.
    "webm": ("audio/webm", "video/webm", "audio/x-matroska", "video/x-matroska", "audio/matroska"),
    "mp4": ("audio/mp4", "video/mp4", "audio/m4a", "audio/x-m4a"),
    "wav": ("audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"),
    "ogg": ("audio/ogg", "application/ogg"),
    "mp3": ("audio/mpeg", "audio/mp3"),
}
# Media types that say nothing about the content. Some runtimes call a part without a type text/plain.
UNSPECIFIC_TYPES = ("", "application/octet-stream", "text/plain")
# A container's headers alone, without any sound, take this much.
MIN_BYTES = 256
# OpenAI rejects anything shorter.
MIN_SECONDS = 0.1
# Enough to recognize every kind.
FIRST_BYTES = 12
MPEG_SYNC = 0xE0


@dataclass(frozen=True, slots=True)
class Recording:
    """Audio of a known kind; `kind` is its file extension, a key of `MEDIA_TYPES`.

    `seconds` is how long it may play.
    """

    file: AudioFile
    kind: str
    seconds: float = 0.0

    def form(self, fields: Mapping[str, str]) -> dict[str, Any]:
        """Arguments of `httpx2.Request` for a form of `fields` and the recording, as `file`.

        Servers recognize the kind by the extension of the file's name. Neither the name nor the media type
        is the visitor's own.
        """
        return self.file.form(fields, f"speech.{self.kind}", MEDIA_TYPES[self.kind][0])

    def inputs(self, fields: Mapping[str, str]) -> dict[str, Any]:
        """Arguments of `httpx2.Request` for JSON of `fields`, and the recording as `audio`, in base64."""
        return self.file.inputs(fields)


async def check_recording(file: AudioFile, settings: Settings) -> Recording:
    """The recording that `file` is.

    Raises `InvalidRequest` if it is empty or too short, `BodyTooLarge` if it has more than `MAX_AUDIO_BYTES`
    or may play for longer than `MAX_AUDIO_SECONDS`, and `UnsupportedMedia` if its first bytes show an unknown
    kind, or another one than its media type.
    """
    if not file.size:
        raise InvalidRequest("The recording is empty.", code="audio_empty")
    if file.size > settings.max_audio_bytes:
        raise BodyTooLarge("The recording is too long.", code="audio_too_large")
    kind = _kind(await file.read(0, FIRST_BYTES))
    declared = file.content_type.partition(";")[0].strip().lower()
    if kind is None or (declared not in UNSPECIFIC_TYPES and declared not in MEDIA_TYPES[kind]):
        raise UnsupportedMedia(f"Send a recording as {', '.join(MEDIA_TYPES)}.", code="unsupported_audio")
    if file.size < MIN_BYTES:
        raise _too_short()
    return Recording(file, kind, await _checked_seconds(file, kind, settings.max_audio_seconds))


async def _checked_seconds(file: AudioFile, kind: str, max_seconds: int) -> float:
    seconds = await seconds_of(file, kind, enough=max_seconds)
    if seconds > max_seconds:
        message = f"The recording is too long: the limit is {max_seconds} seconds."
        raise BodyTooLarge(message, code="audio_too_long")
    # The other kinds cannot be measured so exactly.
    if kind == "wav" and seconds < MIN_SECONDS:
        raise _too_short()
    return seconds


def _too_short() -> InvalidRequest:
    return InvalidRequest("The recording is too short.", code="audio_too_short")


def _kind(first: bytes) -> str | None:
    if first.startswith(b"\x1a\x45\xdf\xa3"):
        return "webm"
    if first[4:8] == b"ftyp":
        return "mp4"
    if first.startswith(b"RIFF") and first[8:12] == b"WAVE":
        return "wav"
    if first.startswith(b"OggS"):
        return "ogg"
    return "mp3" if first.startswith(b"ID3") or _is_mpeg_frame(first) else None


def _is_mpeg_frame(first: bytes) -> bool:
    """Whether a file begins with the eleven set bits of an MPEG frame, as an MP3 without tags does."""
    return len(first) > 1 and first[0] == 0xFF and first[1] & MPEG_SYNC == MPEG_SYNC
