"""`POST /speech`: a text as audio."""

from __future__ import annotations

from contextlib import aclosing
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from api.errors import ERRORS, ResponseBrokenOff
from api.middleware import STREAM_HEADERS
from api.route import PREFIX, ApiRoute, CurrentServices
from api.session_header import OptionalSessionId  # noqa: TC001 - FastAPI resolves annotations at run time
from api.transcribe import iso_language
from api.visitor import TAKES_IDENTITY, find_owner
from api.visitor_check import check_visitor
from clock import Stopwatch
from conversation import clean_text
from errors import InvalidRequest, SpeechUnavailable, VoiceAgentError
from speech.synthesizer import SpeechFormat, Utterance

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from services import Services
    from speech.synthesizer import Synthesizer


class SpeechRoute(ApiRoute):
    """A route that accepts a text together with the answer that it is part of."""

    body_cap = attrgetter("max_speech_body_bytes")


router = APIRouter(prefix=PREFIX, route_class=SpeechRoute)


class SpeechRequest(BaseModel):
    """A text to speak. Unknown fields are ignored."""

    text: Annotated[str, Field(description="The text to speak.", examples=["We have three plans."])]
    voice: Annotated[
        str | None,
        Field(description="One of the voices in `/config`, or of the settings; the first if left out."),
    ] = None
    language: Annotated[
        str,
        Field(description="The language of the text; the website's main one if left out.", examples=["en"]),
    ] = ""
    format: Annotated[
        SpeechFormat,
        Field(
            description="`pcm` is 24 kHz, 16-bit, mono, and can be played from its first bytes on. Providers "
            "that cannot make it send what they can; the Content-Type says what."
        ),
    ] = "mp3"
    answer: Annotated[
        str, Field(description="The answer that the text is part of, up to the `delta` with the ticket.")
    ] = ""
    ticket: Annotated[
        str,
        Field(description="The `ticket` of that `delta`. Not needed for what is stored in the session."),
    ] = ""


@router.post("/speech", response_class=Response, responses=ERRORS["speech"], openapi_extra=TAKES_IDENTITY)
async def speak(
    body: SpeechRequest, request: Request, services: CurrentServices, session_id: OptionalSessionId
) -> Response:
    """Speak the greeting, or part of an answer of the session.

    A failure before the first audio is answered with its HTTP status; a later one breaks off. Calls are
    counted apart from questions, since an answer of four sentences is four calls.
    """
    synthesizer = _synthesizer(services)
    utterance = Utterance(
        text=_text(body.text, services.settings.max_speech_chars),
        audio_format=body.format,
        voice=_voice(body.voice, synthesizer.voices),
        language=iso_language(body.language) or iso_language(services.settings.languages[0]),
    )
    await services.rate_limiter.limit(request.scope, kind="speech:")
    checked = await check_visitor(request, services, session_id)
    owner = await find_owner(request, services)
    await services.access.allow_speech(
        request.scope, session_id, utterance.text, answer=body.answer, ticket=body.ticket, owner=owner
    )
    stopwatch = Stopwatch(services.clock)
    sound = await synthesizer.speak(utterance)
    stopwatch.lap("speech")
    headers = {**STREAM_HEADERS, **stopwatch.header("speech"), **checked}
    return StreamingResponse(_audio(sound.pieces), media_type=sound.media_type, headers=headers)


def _synthesizer(services: Services) -> Synthesizer:
    if services.synthesizer is None:
        raise SpeechUnavailable
    return services.synthesizer


def _text(text: str, max_chars: int) -> str:
    spoken = clean_text(text)
    if not spoken:
        raise InvalidRequest("Text required", code="text_required")
    if len(spoken) > max_chars:
        message = f"This text is too long: the limit is {max_chars:,} characters."
        raise InvalidRequest(message, code="text_too_long")
    return spoken


def _voice(requested: str | None, voices: tuple[str, ...]) -> str | None:
    if requested is not None and requested not in voices:
        raise InvalidRequest(f"Unknown voice: choose one of {', '.join(voices)}.", code="unknown_voice")
    return requested


async def _audio(pieces: AsyncGenerator[bytes]) -> AsyncIterator[bytes]:
    async with aclosing(pieces):
        try:
            async for piece in pieces:
                yield piece
        except VoiceAgentError as error:
            raise ResponseBrokenOff(error.code) from error
