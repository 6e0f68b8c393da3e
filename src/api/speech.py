"""`POST /transcribe` and `POST /speech`: what a visitor says as text, and a text as audio."""

from __future__ import annotations

import re
from contextlib import aclosing
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from api.errors import ERRORS, ResponseBrokenOff
from api.middleware import STREAM_HEADERS
from api.route import PREFIX, ApiRoute, CurrentServices
from api.session_header import OptionalSessionId  # noqa: TC001 - FastAPI resolves annotations at run time
from api.visitor import TAKES_IDENTITY, find_owner
from api.visitor_check import check_visitor
from clock import Stopwatch
from conversation import clean_text
from errors import InvalidRequest, SpeechUnavailable, UnsupportedMedia, VoiceAgentError
from speech.recording import check_recording
from speech.speech import Speech, SpeechFormat  # noqa: TC001 - pydantic resolves annotations at run time

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from services import Services

MEDIA_TYPES: dict[SpeechFormat, str] = {"mp3": "audio/mpeg", "pcm": "audio/pcm"}
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}")


class SpeechRoute(ApiRoute):
    """A route that accepts a text together with the answer that it is part of."""

    body_cap = attrgetter("max_speech_body_bytes")


class RecordingRoute(ApiRoute):
    """A route that accepts a form with a recording of up to `MAX_AUDIO_BYTES`."""

    body_cap = attrgetter("max_form_bytes")


_recordings = APIRouter(prefix=PREFIX, route_class=RecordingRoute)
_texts = APIRouter(prefix=PREFIX, route_class=SpeechRoute)


class Transcript(BaseModel):
    """What the visitor said; empty if nothing was understood."""

    text: str


class SpeechRequest(BaseModel):
    """A text to speak. Unknown fields are ignored."""

    text: Annotated[str, Field(description="The text to speak.", examples=["We have three plans."])]
    voice: Annotated[
        str | None, Field(description="One of the voices in `/config`; the first if left out.")
    ] = None
    format: Annotated[
        SpeechFormat,
        Field(description="`pcm` is 24 kHz, 16-bit, mono, and can be played from its first bytes on."),
    ] = "mp3"
    answer: Annotated[
        str, Field(description="The answer that the text is part of, up to the `delta` with the ticket.")
    ] = ""
    ticket: Annotated[
        str,
        Field(description="The `ticket` of that `delta`. Not needed for what is stored in the session."),
    ] = ""


FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "language": {"type": "string", "examples": ["en"]},
                    },
                }
            }
        },
    }
}


@_recordings.post(
    "/transcribe", response_model=Transcript, responses=ERRORS["transcribe"], openapi_extra=FORM
)
async def transcribe(
    request: Request, response: Response, services: CurrentServices, session_id: OptionalSessionId
) -> Transcript:
    """Transcribe a recording: webm, mp4, wav, ogg or mp3, in the field `file` of a form."""
    speech = _speech(services)
    await services.rate_limiter.limit(request.scope, kind="transcribe:")
    checked = await check_visitor(request, services, session_id)
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise UnsupportedMedia("Send the recording as multipart/form-data.", code="invalid_body")
    upload = await services.read_upload(request, max_bytes=RecordingRoute.body_cap(services.settings))
    language = _language(upload.language)
    recording = await check_recording(upload.file, services.settings)
    services.access.allow_recording(request.scope, session_id, recording.seconds)
    stopwatch = Stopwatch(services.clock)
    text = await speech.transcribe(recording, language)
    stopwatch.lap("transcribe")
    response.headers.update({**stopwatch.header("transcribe"), **checked})
    return Transcript(text=clean_text(text))


@_texts.post("/speech", response_class=Response, responses=ERRORS["speech"], openapi_extra=TAKES_IDENTITY)
async def speak(
    body: SpeechRequest, request: Request, services: CurrentServices, session_id: OptionalSessionId
) -> Response:
    """Speak the greeting, or part of an answer of the session.

    A failure before the first audio is answered with its HTTP status; a later one breaks off. Calls are
    counted apart from questions, since an answer of four sentences is four calls.
    """
    speech = _speech(services)
    text = _text(body.text, services.settings.max_speech_chars)
    voice = _voice(body.voice, services.settings.openai_voices)
    await services.rate_limiter.limit(request.scope, kind="speech:")
    checked = await check_visitor(request, services, session_id)
    owner = await find_owner(request, services)
    await services.access.allow_speech(
        request.scope, session_id, text, answer=body.answer, ticket=body.ticket, owner=owner
    )
    stopwatch = Stopwatch(services.clock)
    audio = speech.speak(text, voice, body.format)
    first = await anext(audio)
    stopwatch.lap("speech")
    media_type = MEDIA_TYPES[body.format]
    headers = {**STREAM_HEADERS, **stopwatch.header("speech"), **checked}
    return StreamingResponse(_audio(first, audio), media_type=media_type, headers=headers)


routes = [*_recordings.routes, *_texts.routes]


def _speech(services: Services) -> Speech:
    if services.speech is None:
        raise SpeechUnavailable
    return services.speech


def _language(value: str) -> str | None:
    if not value:
        return None
    primary = value.partition("-")[0]
    if not _LANGUAGE.fullmatch(primary):
        raise InvalidRequest("Give the language as a code such as 'en' or 'en-GB'.", code="invalid_language")
    return primary.lower()


def _text(text: str, max_chars: int) -> str:
    spoken = clean_text(text)
    if not spoken:
        raise InvalidRequest("Text required", code="text_required")
    if len(spoken) > max_chars:
        message = f"This text is too long: the limit is {max_chars:,} characters."
        raise InvalidRequest(message, code="text_too_long")
    return spoken


def _voice(requested: str | None, voices: tuple[str, ...]) -> str:
    if requested is None:
        return voices[0]
    if requested not in voices:
        raise InvalidRequest(f"Unknown voice: choose one of {', '.join(voices)}.", code="unknown_voice")
    return requested


async def _audio(first: bytes, rest: AsyncGenerator[bytes]) -> AsyncIterator[bytes]:
    async with aclosing(rest):
        yield first
        try:
            async for chunk in rest:
                yield chunk
        except VoiceAgentError as error:
            raise ResponseBrokenOff(error.code) from error
