"""`POST /run`: Workers AI, as the binding `AI` calls it.

The request is `{"inputs", "options"}`, with the model in a header; so it is in workerd's
`src/cloudflare/internal/ai-api.ts`, in the version that miniflare brings. Inputs and responses are those of
Cloudflare's documentation of the models.
"""

from __future__ import annotations

import binascii
import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from local.standin.chat import DONE, completion
from local.standin.errors import NOT_AN_OBJECT, ApiError
from local.standin.fields import field, missing
from local.standin.planned_response import PlannedResponse, event, event_stream, json_response
from local.standin.tokens import in_pieces, tokens
from local.standin.tones import samples, wav

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.standin.behaviour import Behaviour, Endpoint
    from local.standin.chat_request import ChatRequest
    from local.standin.record import RecordedRequest

PATH = "/run"
MODEL_HEADER = "cf-consn-model-id"
# Parts of the names of models that do something else than chat.
TASKS: Mapping[str, Endpoint] = {"whisper": "transcriptions", "aura": "speech", "melotts": "speech"}
# Models of this generation answer in a form of Cloudflare's own.
OWN_FORM = "llama-3"
SPEAKERS = frozenset(
    {"angus", "arcas", "asteria", "athena", "helios", "hera"}
    | {"luna", "orion", "orpheus", "perseus", "stella", "zeus"}
)
# Internal codes by status (https://developers.cloudflare.com/workers-ai/platform/errors/), and for others.
CODES = {400: 5006, 403: 5018, 404: 3042, 405: 5019, 408: 3007, 413: 3006, 429: 3040}
OTHER_CODE = 3043
FAILED = 400


@dataclass(frozen=True, slots=True)
class Run:
    """A model that is to be run, and its inputs."""

    model: str
    inputs: dict[str, Any]

    @classmethod
    def read(cls, request: RecordedRequest) -> Run:
        """Raises `ApiError` 400 for a request that the binding does not send."""
        if not isinstance(request.body, dict):
            raise ApiError(400, NOT_AN_OBJECT)
        return cls(request.headers.get(MODEL_HEADER, ""), field(request.body, "inputs", dict))


def task_of(model: str) -> Endpoint:
    """What the model of this name is for."""
    return next((task for part, task in TASKS.items() if part in model), "chat")


def refused(response: PlannedResponse, code: str | None) -> PlannedResponse:
    """`response` with its error in the form of Workers AI; any other response is returned as it is.

    `code` overrides the usual internal code.
    """
    if response.status < FAILED or response.media_type != "application/json":
        return response
    error = json.loads(b"".join([*response.pieces, response.closing]))["error"]
    number = int(code) if code and code.isdecimal() else CODES.get(response.status, OTHER_CODE)
    body = {"success": False, "result": {}, "errors": [{"code": number, "message": error["message"]}]}
    return json_response(body, status=response.status, headers=response.headers)


def run_chat(
    request: ChatRequest, behaviour: Behaviour, answer: str, number: int, created: int
) -> PlannedResponse:
    """The response of a chat model: OpenAI's, which always has the usage; or Cloudflare's own."""
    if OWN_FORM not in request.model:
        with_usage = replace(request, include_usage=True)
        return completion(with_usage, behaviour, answer, number=number, created=created)
    said = "".join(tokens(answer)[: request.max_tokens])
    usage = {"prompt_tokens": request.prompt_tokens, "completion_tokens": len(tokens(said))}
    if not request.stream:
        return json_response({"response": said, "usage": usage})
    pieces = [event({"response": piece}) for piece in in_pieces(said, behaviour.piece_tokens)]
    return event_stream(b"", pieces, event({"response": "", "usage": usage}) + DONE)


def run_transcription(inputs: Mapping[str, Any], behaviour: Behaviour, transcript: str) -> PlannedResponse:
    """The response of whisper-large-v3-turbo. Raises `ApiError` 400 if the audio is not in base64."""
    try:
        audio = b64decode(field(inputs, "audio", str), validate=True)
    except binascii.Error as error:
        raise ApiError(400, "Invalid data type for base64 input", code="5004") from error
    if not audio:
        raise missing("audio")
    text = transcript if behaviour.reply is None else behaviour.reply
    words = len(text.split())
    info = {"language": inputs.get("language", "en"), "language_probability": 1, "duration": 1}
    body = {"text": text, "word_count": words, "transcription_info": info, "segments": []}
    return json_response(body, thinking_pieces=max(1, words))


def run_speech(run: Run) -> PlannedResponse:
    """The response of Aura, or of MeloTTS with its file in base64. Both speak in tones.

    Raises `ApiError` 400 for inputs that they refuse.
    """
    if "melotts" in run.model:
        sound = b"".join(wav(field(run.inputs, "prompt", str)))
        return json_response({"audio": b64encode(sound).decode()})
    text = field(run.inputs, "text", str)
    if field(run.inputs, "speaker", str, default="angus") not in SPEAKERS:
        raise ApiError(400, "Invalid value for 'speaker'.", param="speaker")
    raw = run.inputs.get("encoding") == "linear16" and run.inputs.get("container") == "none"
    pieces = samples(text) if raw else wav(text)
    return PlannedResponse("audio/L16" if raw else "audio/mpeg", pieces, garbage=b"this is not audio")
