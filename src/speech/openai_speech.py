"""Speech recognition and synthesis by OpenAI, or any server that speaks its protocol."""

from __future__ import annotations

import json
import logging
from contextlib import AsyncExitStack
from functools import partial
from typing import TYPE_CHECKING

from openai import omit

# Imported here to be part of the start-up; the package imports it with the first call.
from openai.resources.audio import AsyncSpeech  # noqa: F401 - for its effect

from errors import ResponderError
from responders.openai_errors import OPENAI_ERRORS

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from openai import AsyncAPIResponse

    from responders.openai_connection import OpenAIConnection
    from settings import Settings
    from speech.recording import Recording
    from speech.speech import SpeechFormat

# The package describes the machine that it runs on in these.
NO_PLATFORM_HEADERS = dict.fromkeys(
    (
        "X-Stainless-Lang",
        "X-Stainless-Package-Version",
        "X-Stainless-OS",
        "X-Stainless-Arch",
        "X-Stainless-Runtime",
        "X-Stainless-Runtime-Version",
    ),
    omit,
)
# Far more than anyone says in the longest recording that is accepted.
MAX_TRANSCRIPT_BYTES = 65_536
# PCM takes 48,000 bytes per second. No voice takes half a second for each character of a text, and 80 seconds
# on top.
SPEECH_BYTES_PER_CHAR, MORE_SPEECH_BYTES = 24_000, 4_000_000
AUDIO_TYPES = ("audio/", "application/octet-stream")

logger = logging.getLogger("voice_agent.openai")


class OpenAISpeech:
    """Speech by one server or two: one that transcribes, and one that speaks."""

    def __init__(
        self, transcribing: OpenAIConnection, speaking: OpenAIConnection, settings: Settings
    ) -> None:
        """The connections may be the same; `settings` names the models."""
        self._transcribing = transcribing
        self._speaking = speaking
        self._transcribe_model = settings.openai_transcribe_model
        self._speech_model = settings.openai_speech_model

    async def transcribe(self, recording: Recording, language: str | None) -> str:
        fields = {"model": self._transcribe_model}
        if language:
            fields["language"] = language
        try:
            body = await self._transcribing.with_retries(
                lambda: self._transcribing.post_form(
                    "audio/transcriptions", recording.form(fields), MAX_TRANSCRIPT_BYTES
                )
            )
        except OPENAI_ERRORS as error:
            raise self._transcribing.responder_error(error) from error
        return _transcript(body)

    async def speak(self, text: str, voice: str, audio_format: SpeechFormat) -> AsyncGenerator[bytes]:
        create = partial(
            self._speaking.client.audio.speech.with_streaming_response.create,
            model=self._speech_model,
            voice=voice,
            input=text,
            response_format=audio_format,
            extra_headers=NO_PLATFORM_HEADERS,
        )
        room = left = len(text) * SPEECH_BYTES_PER_CHAR + MORE_SPEECH_BYTES
        try:
            async with AsyncExitStack() as stack:
                response = await self._speaking.with_retries(lambda: stack.enter_async_context(create()))
                _require_audio(response)
                async for piece in response.iter_bytes():
                    left -= len(piece)
                    if left < 0:
                        logger.warning("OpenAI's speech does not end")
                        raise ResponderError(code="responder_incomplete")
                    yield piece
        except OPENAI_ERRORS as error:
            raise self._speaking.responder_error(error) from error
        if left == room:
            logger.warning("OpenAI's speech is empty")
            raise ResponderError(code="responder_empty")


def _transcript(body: bytes) -> str:
    try:
        transcription = json.loads(body)
    except (ValueError, RecursionError):
        transcription = None
    text = transcription.get("text") if isinstance(transcription, dict) else None
    if not isinstance(text, str):
        logger.warning("OpenAI's transcript is unreadable")
        raise ResponderError(code="responder_incomplete")
    return text.strip()


def _require_audio(response: AsyncAPIResponse[bytes]) -> None:
    if not response.headers.get("content-type", "audio/").startswith(AUDIO_TYPES):
        logger.warning("OpenAI's speech is not audio")
        raise ResponderError(code="responder_incomplete")
