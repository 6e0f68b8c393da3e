"""A recording that a visitor sends: its kind, by its first bytes, and whether it is long enough."""

from __future__ import annotations

from dataclasses import dataclass

from errors import BodyTooLarge, InvalidRequest, UnsupportedMedia

# The containers that browsers record and two that people upload: file extension to media types.
MEDIA_TYPES = {
    "webm": ("audio/webm", "video/webm"),
    "mp4": ("audio/mp4", "video/mp4", "audio/m4a", "audio/x-m4a"),
    "wav": ("audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"),
    "ogg": ("audio/ogg", "application/ogg"),
    "mp3": ("audio/mpeg", "audio/mp3"),
}
# Media types that say nothing about the content.
UNSPECIFIC_TYPES = ("", "application/octet-stream")
# A container's headers alone, without any sound, take this much.
MIN_BYTES = 256
# OpenAI rejects anything shorter.
MIN_SECONDS = 0.1
MPEG_SYNC = 0xE0
WAV_HEADER_BYTES = 44


@dataclass(frozen=True, slots=True)
class Recording:
    """Audio of a known kind; `kind` is its file extension, a key of `MEDIA_TYPES`."""

    data: bytes
    kind: str

    @property
    def filename(self) -> str:
        """A file name with the right extension, by which the server recognises the kind."""
        return f"speech.{self.kind}"

    @property
    def media_type(self) -> str:
        """The usual media type of its kind."""
        return MEDIA_TYPES[self.kind][0]


def read_recording(data: bytes, content_type: str, *, max_bytes: int) -> Recording:
    """The recording `data`, sent as `content_type`, which may be empty.

    Raises `InvalidRequest` if it is empty or too short, `BodyTooLarge` if it is longer than `max_bytes`, and
    `UnsupportedMedia` if its first bytes show an unknown kind, or another one than `content_type`.
    """
    if not data:
        raise InvalidRequest("The recording is empty.", code="audio_empty")
    if len(data) > max_bytes:
        raise BodyTooLarge("The recording is too long.", code="audio_too_large")
    kind = _kind(data)
    declared = content_type.partition(";")[0].strip().lower()
    if kind is None or (declared not in UNSPECIFIC_TYPES and declared not in MEDIA_TYPES[kind]):
        raise UnsupportedMedia(f"Send a recording as {', '.join(MEDIA_TYPES)}.", code="unsupported_audio")
    if len(data) < MIN_BYTES or (kind == "wav" and _wav_seconds(data) < MIN_SECONDS):
        raise InvalidRequest("The recording is too short.", code="audio_too_short")
    return Recording(data, kind)


def _kind(data: bytes) -> str | None:
    if data.startswith(b"\x1a\x45\xdf\xa3"):
        return "webm"
    if data[4:8] == b"ftyp":
        return "mp4"
    if data.startswith(b"RIFF") and data[8:12] == b"WAVE":
        return "wav"
    if data.startswith(b"OggS"):
        return "ogg"
    return "mp3" if data.startswith(b"ID3") or _is_mpeg_frame(data) else None


def _is_mpeg_frame(data: bytes) -> bool:
    """Whether `data` begins with the eleven set bits of an MPEG frame, as an MP3 without tags does."""
    return len(data) > 1 and data[0] == 0xFF and data[1] & MPEG_SYNC == MPEG_SYNC


def _wav_seconds(data: bytes) -> float:
    """Roughly how long a WAV plays, by the bytes per second that every PCM header has at offset 28."""
    rate = int.from_bytes(data[28:32], "little")
    return (len(data) - WAV_HEADER_BYTES) / rate if rate else 0.0
