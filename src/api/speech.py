"""`POST /transcribe` and `POST /speech`: what a visitor says as text, and a text as sound."""

from __future__ import annotations

import re
from contextlib import aclosing
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from api.current_agent import CurrentAgent  # noqa: TC001 - FastAPI reads it at run time
from api.errors import ERRORS
from api.json_body import JsonRoute
from api.middleware import PREFIX
from api.rate_limit import client_key, limit_calls
from errors import InvalidRequest, SpeechUnavailable, UnsupportedMedia
from prompt import clean_question
from server_timing import Stopwatch
from speech.openai_speech import SpeechFormat  # noqa: TC001 - pydantic reads it at run time
from speech.recording import Clip, read_clip

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from services import Agent
    from speech.openai_speech import OpenAISpeech

TRANSCRIBE = "/transcribe"
MEDIA_TYPES: dict[SpeechFormat, str] = {"mp3": "audio/mpeg", "pcm": "audio/pcm"}
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}")

router = APIRouter(prefix=PREFIX, route_class=JsonRoute)


class Transcript(BaseModel):
    """What was said; empty where nothing was understood."""

    text: str


class SpeechRequest(BaseModel):
    """A text to say. Fields that are not known are ignored."""

    text: Annotated[str, Field(description="What to say.", examples=["We have three plans."])]
    voice: Annotated[str | None, Field(description="One of `/config`'s voices; its first if left out.")] = (
        None
    )
    format: Annotated[
        SpeechFormat,
        Field(description="`pcm` is 24 kHz, 16 bits, mono, and can be played from its first bytes on."),
    ] = "mp3"


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


@router.post(TRANSCRIBE, response_model=Transcript, responses=ERRORS["transcribe"], openapi_extra=FORM)
async def transcribe(request: Request, response: Response, agent: CurrentAgent) -> Transcript:
    """Write down a recording: webm, mp4, wav, ogg or mp3, as the field `file` of a form."""
    speech = _speech(agent)
    await _limit(agent, request, "transcribe")
    clip, language = await _read_form(request, agent.settings.max_audio_bytes)
    watch = Stopwatch(agent.clock)
    text = await speech.transcribe(clip, language)
    watch.lap("transcribe")
    response.headers.update(watch.header())
    return Transcript(text=text)


@router.post("/speech", response_class=Response, responses=ERRORS["speech"])
async def speak(body: SpeechRequest, request: Request, agent: CurrentAgent) -> Response:
    """Say a text. What fails before the first sound is answered with its HTTP status; later it breaks off."""
    speech = _speech(agent)
    text = _text(body.text, agent.settings.max_speech_chars)
    voice = _voice(body.voice, agent.settings.openai_voices)
    await _limit(agent, request, "speech")
    watch = Stopwatch(agent.clock)
    pieces = speech.speak(text, voice, body.format)
    first = await anext(pieces)
    watch.lap("speech")
    return StreamingResponse(
        _sound(first, pieces), media_type=MEDIA_TYPES[body.format], headers=watch.header()
    )


def _speech(agent: Agent) -> OpenAISpeech:
    if agent.speech is None:
        raise SpeechUnavailable
    return agent.speech


async def _limit(agent: Agent, request: Request, call: str) -> None:
    """Count by itself: an answer of four sentences is four calls, and none of them is a question."""
    await limit_calls(agent.rate_limiter, (f"{call}:{client_key(request.scope)}",))


async def _read_form(request: Request, most: int) -> tuple[Clip, str | None]:
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise UnsupportedMedia("Send the recording as multipart/form-data.", code="invalid_body")
    try:
        async with request.form(max_files=1, max_fields=8, max_part_size=1024) as form:
            file, language = form.get("file"), form.get("language")
            if not isinstance(file, UploadFile):
                raise InvalidRequest("Send the recording as the field 'file'.", code="audio_required")
            clip = read_clip(await file.read(), file.content_type or "", most=most)
    except HTTPException as error:
        if error.status_code != InvalidRequest.status:
            raise
        raise InvalidRequest("The form cannot be read.", code="invalid_form") from error
    return clip, _language(language)


def _language(value: object) -> str | None:
    if not value:
        return None
    primary = str(value).partition("-")[0]
    if not _LANGUAGE.fullmatch(primary):
        raise InvalidRequest("Give the language like 'en' or 'en-GB'.", code="invalid_language")
    return primary.lower()


def _text(text: str, most: int) -> str:
    said = clean_question(text)
    if not said:
        raise InvalidRequest("There is nothing to say.", code="text_required")
    if len(said) > most:
        raise InvalidRequest(
            f"This text is too long: {most:,} characters are possible.", code="text_too_long"
        )
    return said


def _voice(wanted: str | None, voices: tuple[str, ...]) -> str:
    if wanted is None:
        return voices[0]
    if wanted not in voices:
        raise InvalidRequest(f"The voices are {', '.join(voices)}.", code="unknown_voice")
    return wanted


async def _sound(first: bytes, rest: AsyncGenerator[bytes]) -> AsyncIterator[bytes]:
    async with aclosing(rest):
        yield first
        async for piece in rest:
            yield piece
