"""A recording: what it is by its first bytes, and whether there is enough of it to be heard."""

from __future__ import annotations

from dataclasses import dataclass

from errors import BodyTooLarge, InvalidRequest, UnsupportedMedia

# The containers that browsers record, and two that people have on their disks: extension to media types.
TYPES = {
    "webm": ("audio/webm", "video/webm"),
    "mp4": ("audio/mp4", "video/mp4", "audio/m4a", "audio/x-m4a"),
    "wav": ("audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"),
    "ogg": ("audio/ogg", "application/ogg"),
    "mp3": ("audio/mpeg", "audio/mp3"),
}
# Types that say nothing.
UNTOLD = ("", "application/octet-stream")
# The headers alone of a container that holds no sound; a tenth of a second of Opus comes on top.
LEAST_BYTES = 256
# OpenAI refuses what is shorter, in seconds.
LEAST_SECONDS = 0.1
MPEG_SYNC = 0xE0


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording of a known kind; `kind` is the extension that fits it."""

    data: bytes
    kind: str

    @property
    def filename(self) -> str:
        """A name whose extension fits: the model's provider goes by it."""
        return f"speech.{self.kind}"

    @property
    def media_type(self) -> str:
        """The usual media type of its kind."""
        return TYPES[self.kind][0]


def read_clip(data: bytes, content_type: str, *, most: int) -> Clip:
    """The recording `data`, sent as `content_type` (which may be empty).

    Raises `InvalidRequest` where it is empty or too short, `BodyTooLarge` where it has more than `most`
    bytes, and `UnsupportedMedia` where its first bytes are of no kind in `TYPES` or of another one than
    `content_type` says.
    """
    if not data:
        raise InvalidRequest("The recording is empty.", code="audio_empty")
    if len(data) > most:
        raise BodyTooLarge("The recording is too long.", code="audio_too_large")
    kind = _kind(data)
    told = content_type.partition(";")[0].strip().lower()
    if kind is None or (told not in UNTOLD and told not in TYPES[kind]):
        raise UnsupportedMedia(f"Send a recording as {', '.join(TYPES)}.", code="unsupported_audio")
    if len(data) < LEAST_BYTES or (kind == "wav" and _wav_seconds(data) < LEAST_SECONDS):
        raise InvalidRequest("The recording is too short to be heard.", code="audio_too_short")
    return Clip(data, kind)


def _kind(data: bytes) -> str | None:
    if data.startswith(b"\x1a\x45\xdf\xa3"):
        return "webm"
    if data[4:8] == b"ftyp":
        return "mp4"
    if data.startswith(b"RIFF") and data[8:12] == b"WAVE":
        return "wav"
    if data.startswith(b"OggS"):
        return "ogg"
    frame = len(data) > 1 and data[0] == 0xFF and data[1] & MPEG_SYNC == MPEG_SYNC
    return "mp3" if data.startswith(b"ID3") or frame else None


def _wav_seconds(data: bytes) -> float:
    """About how long a WAV plays: by its bytes a second, which stand at 28 in every PCM header."""
    rate = int.from_bytes(data[28:32], "little")
    return (len(data) - 44) / rate if rate else 0.0
