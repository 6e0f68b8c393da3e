"""`POST /v1/audio/transcriptions` and `POST /v1/audio/speech` of the stand-in.

It hears nothing: the transcript is what it was told to answer. It speaks in tones, one for each word.
"""

from __future__ import annotations

import math
import struct
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from local.standin.protocol import (
    NOT_AN_OBJECT,
    ApiError,
    event,
    event_stream,
    field,
    in_pieces,
    json_script,
    tokens,
    whole,
)
from local.standin.script import Script

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from local.standin.faults import Behaviour

SAMPLE_RATE = 24_000  # what OpenAI's pcm has: 24 kHz, 16 bits, little-endian, one channel
CHARACTERS_A_SECOND = 15  # 150 words a minute, a common reading speed, of six characters with the space
LOUDNESS = 6_000  # of 32,767: soft
LONGEST_INPUT = 4096  # characters, as in OpenAI's reference
SPEED_LIMITS = (0.25, 4.0)
_AUDIO_NAMES = ("flac", "mp3", "mp4", "mpeg", "mpga", "m4a", "ogg", "oga", "wav", "webm")
_SPEECH_FORMATS = ("mp3", "opus", "aac", "flac", "wav", "pcm")
_VOICES = frozenset(
    {"alloy", "ash", "ballad", "cedar", "coral", "echo", "fable"}
    | {"marin", "nova", "onyx", "sage", "shimmer", "verse"}
)


@dataclass(frozen=True, slots=True)
class FilePart:
    """A file of a multipart form: what is known of it without keeping it."""

    filename: str
    content_type: str
    size: int
    sha256: str

    def as_json(self) -> dict[str, Any]:
        """The same as JSON."""
        return asdict(self)


def transcription(form: Mapping[str, str | FilePart], behaviour: Behaviour, transcript: str) -> Script:
    """Answer a transcription request with `transcript`, or raise `ApiError` where OpenAI refuses it."""
    _check_audio(form.get("file"))
    field(form, "model", str)
    text = transcript if behaviour.reply is None else behaviour.reply
    wanted = field(form, "response_format", str, default="json")
    if wanted not in {"json", "text"}:
        message = f"The stand-in knows the response formats json and text, not '{wanted}'."
        raise ApiError(400, message, param="response_format", code="unsupported_value")
    if field(form, "stream", str, default="false") == "true":
        deltas = [event({"type": "transcript.text.delta", "delta": p}) for p in in_pieces(text, behaviour)]
        return event_stream(
            b"", deltas, event({"type": "transcript.text.done", **_transcript(text, behaviour)})
        )
    pieces = max(1, len(in_pieces(text, behaviour)))
    if wanted == "text":
        return whole(f"{text}\n".encode(), "text/plain; charset=utf-8", thought_up=pieces)
    return json_script(_transcript(text, behaviour), thought_up=pieces)


def _check_audio(part: str | FilePart | None) -> None:
    if not isinstance(part, FilePart):
        raise ApiError(
            400, "Missing required parameter: 'file'.", param="file", code="missing_required_parameter"
        )
    if part.filename.rpartition(".")[2].lower() not in _AUDIO_NAMES:
        message = f"Invalid file format. Supported formats: {list(_AUDIO_NAMES)}"
        raise ApiError(400, message, param="file")
    if not part.size:
        message = "Audio file is too short. Minimum audio length is 0.1 seconds."
        raise ApiError(400, message, param="file", code="audio_too_short")


def _transcript(text: str, behaviour: Behaviour) -> dict[str, Any]:
    # OpenAI counts the length of the audio too; the stand-in, which does not decode it, counts none.
    count = len(tokens(text))
    usage = {"type": "tokens", "input_tokens": 0, "output_tokens": count, "total_tokens": count}
    return {"text": text, "usage": usage} if behaviour.usage else {"text": text}


def speech(body: object) -> Script:
    """Answer a speech request with tones, or raise `ApiError` where OpenAI refuses it.

    'pcm' gives raw samples; every other format gives WAV, and the content type says so: the standard
    library has no encoder for them.
    """
    if not isinstance(body, dict):
        raise ApiError(400, NOT_AN_OBJECT)
    field(body, "model", str)
    text = field(body, "input", str)
    if not 0 < len(text) <= LONGEST_INPUT:
        message = f"Invalid 'input': expected 1 to {LONGEST_INPUT} characters, got {len(text)}."
        raise ApiError(
            400, message, param="input", code="string_above_max_length" if text else "empty_string"
        )
    _check_voice(body.get("voice"))
    speed = _speed(body.get("speed"))
    wanted = _format(body)
    pieces = samples(text, speed) if wanted == "pcm" else wav(text, speed)
    return Script("audio/pcm" if wanted == "pcm" else "audio/wav", pieces, garbage=b"this is no audio")


def samples(text: str, speed: float = 1.0) -> Iterator[bytes]:
    """One tone for each word of `text`, as long as it takes to say, that swells and fades."""
    return (_tone(word, _length(word, speed)) for word in _words(text))


def wav(text: str, speed: float = 1.0) -> Iterator[bytes]:
    """The samples as a WAV file; its header, which knows the length, comes with the first word."""
    header = _wav_header(2 * sum(_length(word, speed) for word in _words(text)))
    for tone in samples(text, speed):
        yield header + tone
        header = b""


def _words(text: str) -> list[str]:
    return text.split() or [" "]


def _length(word: str, speed: float) -> int:
    return round((len(word) + 1) / CHARACTERS_A_SECOND / speed * SAMPLE_RATE)


def _tone(word: str, length: int) -> bytes:
    pitch = (180 + 20 * (len(word) % 8)) * 2 * math.pi / SAMPLE_RATE
    swell = math.pi / length
    wave = (int(LOUDNESS * math.sin(swell * i) * math.sin(pitch * i)) for i in range(length))
    return struct.pack(f"<{length}h", *wave)


def _wav_header(size: int) -> bytes:
    layout = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, SAMPLE_RATE, 2 * SAMPLE_RATE, 2, 16)
    return struct.pack("<4sI4s", b"RIFF", 36 + size, b"WAVE") + layout + struct.pack("<4sI", b"data", size)


def _check_voice(voice: object) -> None:
    if voice is None:
        raise ApiError(
            400, "Missing required parameter: 'voice'.", param="voice", code="missing_required_parameter"
        )
    if not (isinstance(voice, dict) and voice.get("id")) and str(voice) not in _VOICES:
        message = f"Invalid value for 'voice': {voice!r}. Supported values: {sorted(_VOICES)}."
        raise ApiError(400, message, param="voice", code="invalid_value")


def _speed(speed: object) -> float:
    low, high = SPEED_LIMITS
    if speed is None:
        return 1.0
    if isinstance(speed, bool) or not isinstance(speed, int | float) or not low <= speed <= high:
        message = f"Invalid 'speed': expected a number from {low} to {high}."
        raise ApiError(400, message, param="speed", code="invalid_value")
    return float(speed)


def _format(body: Mapping[str, Any]) -> str:
    wanted = field(body, "response_format", str, default="mp3")
    if wanted not in _SPEECH_FORMATS:
        message = (
            f"Invalid value for 'response_format': {wanted!r}. Supported values: {list(_SPEECH_FORMATS)}."
        )
        raise ApiError(400, message, param="response_format", code="invalid_value")
    if field(body, "stream_format", str, default="audio") != "audio":
        message = "The stand-in streams audio only."
        raise ApiError(400, message, param="stream_format", code="unsupported_value")
    return wanted
