"""`POST /v1/audio/transcriptions`. The audio is not decoded: the transcript is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from local.standin.errors import ApiError
from local.standin.fields import field, missing
from local.standin.planned_response import event, event_stream, json_response, whole_response
from local.standin.record import Form, RecordedFile
from local.standin.tokens import in_pieces, tokens

if TYPE_CHECKING:
    from local.standin.behaviour import Behaviour
    from local.standin.planned_response import PlannedResponse

_EXTENSIONS = ("flac", "mp3", "mp4", "mpeg", "mpga", "m4a", "ogg", "oga", "wav", "webm")


def transcription(form: Form, behaviour: Behaviour, transcript: str) -> PlannedResponse:
    """The response with `transcript`, unless `behaviour` has a reply of its own.

    Raises `ApiError` 400 for a request that OpenAI refuses.
    """
    _check_file(form.get("file"))
    field(form, "model", str)
    text = transcript if behaviour.reply is None else behaviour.reply
    response_format = _response_format(form)
    pieces = in_pieces(text, behaviour.piece_tokens)
    if field(form, "stream", str, default="false") == "true":
        deltas = [event({"type": "transcript.text.delta", "delta": piece}) for piece in pieces]
        done = event({"type": "transcript.text.done", **_transcript(text, behaviour)})
        return event_stream(b"", deltas, done)
    thinking_pieces = max(1, len(pieces))
    if response_format == "text":
        return whole_response(
            f"{text}\n".encode(), "text/plain; charset=utf-8", thinking_pieces=thinking_pieces
        )
    return json_response(_transcript(text, behaviour), thinking_pieces=thinking_pieces)


def _check_file(file: str | RecordedFile | None) -> None:
    if not isinstance(file, RecordedFile):
        raise missing("file")
    if file.filename.rpartition(".")[2].lower() not in _EXTENSIONS:
        raise ApiError(400, f"Invalid file format. Supported formats: {list(_EXTENSIONS)}", param="file")
    if not file.size:
        message = "Audio file is too short. Minimum audio length is 0.1 seconds."
        raise ApiError(400, message, param="file", code="audio_too_short")


def _response_format(form: Form) -> str:
    response_format = field(form, "response_format", str, default="json")
    if response_format not in {"json", "text"}:
        message = f"The stand-in supports the response formats json and text, not '{response_format}'."
        raise ApiError(400, message, param="response_format", code="unsupported_value")
    return response_format


def _transcript(text: str, behaviour: Behaviour) -> dict[str, Any]:
    # OpenAI also counts tokens of audio; the stand-in does not decode it and counts none.
    count = len(tokens(text))
    usage = {"type": "tokens", "input_tokens": 0, "output_tokens": count, "total_tokens": count}
    return {"text": text, "usage": usage} if behaviour.usage else {"text": text}
