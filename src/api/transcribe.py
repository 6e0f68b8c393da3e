"""`POST /transcribe`: what a visitor says as text, as JSON or as a stream of server-sent events."""

from __future__ import annotations

import asyncio
import re
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from pydantic_core import to_json

from api.chat import EVENT_STREAM, error_event, event, wants_events
from api.errors import ERRORS
from api.middleware import STREAM_HEADERS
from api.route import PREFIX, ApiRoute, CurrentServices
from api.session_header import OptionalSessionId  # noqa: TC001 - FastAPI resolves annotations at run time
from api.visitor_check import check_visitor
from channel import Channel
from clock import Stopwatch
from conversation import clean_text
from errors import InvalidRequest, SpeechUnavailable, UnsupportedMedia
from speech.recording import check_recording

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from services import Services
    from speech.recognizer import Recognizer
    from speech.recording import Recording

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}")


class RecordingRoute(ApiRoute):
    """A route that accepts a form with a recording of up to `MAX_AUDIO_BYTES`."""

    body_cap = attrgetter("max_form_bytes")


router = APIRouter(prefix=PREFIX, route_class=RecordingRoute)


class Transcript(BaseModel):
    """What the visitor said; empty if nothing was understood."""

    text: str


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


@router.post("/transcribe", response_model=Transcript, responses=ERRORS["transcribe"], openapi_extra=FORM)
async def transcribe(request: Request, services: CurrentServices, session_id: OptionalSessionId) -> Response:
    """Transcribe a recording: webm, mp4, wav, ogg or mp3, in the field `file` of a form.

    With `Accept: text/event-stream`, the events are any number of `delta` {"text"}, then `done` with the JSON
    response, or `error`. An error before the first piece has its HTTP status in both cases.
    """
    recognizer = _recognizer(services)
    await services.rate_limiter.limit(request.scope, kind="transcribe:")
    checked = await check_visitor(request, services, session_id)
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise UnsupportedMedia("Send the recording as multipart/form-data.", code="invalid_body")
    upload = await services.read_upload(request, max_bytes=RecordingRoute.body_cap(services.settings))
    language = iso_language(upload.language)
    recording = await check_recording(upload.file, services.settings)
    services.access.allow_recording(request.scope, session_id, recording.seconds)
    stopwatch = Stopwatch(services.clock)
    if wants_events(request.headers.get("accept", "")):
        stream = TranscriptStream(recognizer, recording, language)
        await stream.wait()
        stopwatch.lap("transcribe")
        headers = {**STREAM_HEADERS, **stopwatch.header("transcribe"), **checked}
        return StreamingResponse(_events(stream), media_type=EVENT_STREAM, headers=headers)
    text = await recognizer.transcribe(recording, language)
    stopwatch.lap("transcribe")
    headers = {**stopwatch.header("transcribe"), **checked}
    return Response(_json(text), media_type="application/json", headers=headers)


class TranscriptStream(Channel[str]):
    """The pieces of a transcript as they are recognized; then `transcribing` has the whole text."""

    def __init__(self, recognizer: Recognizer, recording: Recording, language: str | None) -> None:
        """Begin at once; raises what the recognizer raises where the pieces are read."""
        super().__init__()
        self.transcribing = asyncio.ensure_future(recognizer.stream(recording, language, self.put))
        self.transcribing.add_done_callback(self._transcribed)

    def _transcribed(self, transcribing: asyncio.Future[str]) -> None:
        if not transcribing.cancelled():
            error = transcribing.exception()
            self.close(error if isinstance(error, Exception) else None)


async def _events(stream: TranscriptStream) -> AsyncIterator[bytes]:
    try:
        async for pieces in stream:
            yield event(b"delta", to_json({"text": "".join(pieces)}))
        yield event(b"done", _json(stream.transcribing.result()))
    except Exception as error:  # noqa: BLE001 - the status has been sent, so the error goes into the stream
        yield error_event(error)
    finally:
        stream.transcribing.cancel()  # the visitor may have left


def _json(text: str) -> bytes:
    return Transcript(text=clean_text(text)).model_dump_json().encode()


def _recognizer(services: Services) -> Recognizer:
    if services.recognizer is None:
        raise SpeechUnavailable
    return services.recognizer


def iso_language(value: str) -> str | None:
    """The language of a tag such as en-GB; None if it is empty. Raises `InvalidRequest` if it is no tag."""
    if not value:
        return None
    primary = value.partition("-")[0]
    if not _LANGUAGE.fullmatch(primary):
        raise InvalidRequest("Give the language as a code such as 'en' or 'en-GB'.", code="invalid_language")
    return primary.lower()
