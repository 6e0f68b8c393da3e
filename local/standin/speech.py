"""`POST /v1/audio/speech`. It speaks in tones, one for each word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local.standin.errors import NOT_AN_OBJECT, ApiError
from local.standin.fields import field, missing
from local.standin.planned_response import PlannedResponse
from local.standin.tones import samples, wav

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_INPUT_CHARS = 4096  # as in OpenAI's reference
MIN_SPEED, MAX_SPEED = 0.25, 4.0
_FORMATS = ("mp3", "opus", "aac", "flac", "wav", "pcm")
_VOICES = frozenset(
    {"alloy", "ash", "ballad", "cedar", "coral", "echo", "fable"}
    | {"marin", "nova", "onyx", "sage", "shimmer", "verse"}
)


def speech(body: object) -> PlannedResponse:
    """The input as tones: raw samples for the format 'pcm', for all others WAV.

    The content type says WAV too: the standard library has no encoder for the other formats. Raises
    `ApiError` 400 for a request that OpenAI refuses.
    """
    if not isinstance(body, dict):
        raise ApiError(400, NOT_AN_OBJECT)
    field(body, "model", str)
    text = _input(body)
    _check_voice(body.get("voice"))
    speed = _speed(body.get("speed"))
    is_pcm = _format(body) == "pcm"
    return PlannedResponse(
        "audio/pcm" if is_pcm else "audio/wav",
        samples(text, speed) if is_pcm else wav(text, speed),
        garbage=b"this is not audio",
    )


def _input(body: Mapping[str, Any]) -> str:
    text = field(body, "input", str)
    if not 0 < len(text) <= MAX_INPUT_CHARS:
        message = f"Invalid 'input': expected 1 to {MAX_INPUT_CHARS} characters, got {len(text)}."
        code = "string_above_max_length" if text else "empty_string"
        raise ApiError(400, message, param="input", code=code)
    return text


def _check_voice(voice: object) -> None:
    if voice is None:
        raise missing("voice")
    is_custom = isinstance(voice, dict) and voice.get("id")
    if not is_custom and str(voice) not in _VOICES:
        raise _invalid_value("voice", voice, sorted(_VOICES))


def _speed(speed: object) -> float:
    if speed is None:
        return 1.0
    if isinstance(speed, bool) or not isinstance(speed, int | float) or not MIN_SPEED <= speed <= MAX_SPEED:
        message = f"Invalid 'speed': expected a number from {MIN_SPEED} to {MAX_SPEED}."
        raise ApiError(400, message, param="speed", code="invalid_value")
    return float(speed)


def _format(body: Mapping[str, Any]) -> str:
    response_format = field(body, "response_format", str, default="mp3")
    if response_format not in _FORMATS:
        raise _invalid_value("response_format", response_format, list(_FORMATS))
    if field(body, "stream_format", str, default="audio") != "audio":
        message = "The stand-in supports the stream format audio only."
        raise ApiError(400, message, param="stream_format", code="unsupported_value")
    return response_format


def _invalid_value(name: str, value: object, supported: list[str]) -> ApiError:
    message = f"Invalid value for '{name}': {value!r}. Supported values: {supported}."
    return ApiError(400, message, param=name, code="invalid_value")
