"""Speech in and out, through the `openai` package: what a recording says, and a text as sound."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Literal

import httpx2
from openai import APIError

# As for chat: imported here they are part of the start-up.
from openai.resources.audio import AsyncSpeech, AsyncTranscriptions  # noqa: F401
from openai.types.audio import Transcription

from errors import ResponderError, ResponderTimeout
from responders.openai_responder import responder_error

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from openai import AsyncOpenAI

    from settings import Settings
    from speech.recording import Clip

SpeechFormat = Literal["mp3", "pcm"]

logger = logging.getLogger("voice_agent.speech")


class OpenAISpeech:
    """Transcribes and speaks with OpenAI, or any server that speaks its protocol."""

    def __init__(self, hearing: AsyncOpenAI, speaking: AsyncOpenAI, settings: Settings) -> None:
        """Take the clients, which may be one, and the names of the models."""
        self._hearing = hearing
        self._speaking = speaking
        self._transcribe_model = settings.openai_transcribe_model
        self._speech_model = settings.openai_speech_model

    async def transcribe(self, clip: Clip, language: str | None) -> str:
        """What `clip` says, which may be nothing; `language` (ISO 639) helps. Raises `ResponderError`."""
        file = (clip.filename, clip.data, clip.media_type)
        try:
            create = self._hearing.audio.transcriptions.create
            if language:
                heard = await create(file=file, model=self._transcribe_model, language=language)
            else:
                heard = await create(file=file, model=self._transcribe_model)
        except APIError as error:
            raise responder_error(error) from error
        except json.JSONDecodeError as error:
            raise ResponderError(code="responder_incomplete") from error
        if not isinstance(heard, Transcription) or not isinstance(heard.text, str):
            raise ResponderError(code="responder_incomplete")
        return heard.text.strip()

    async def speak(self, text: str, voice: str, form: SpeechFormat) -> AsyncGenerator[bytes]:
        """Yield `text` as sound, piece by piece as it comes.

        `pcm` is 24 kHz, 16 bits, little-endian, one channel: it can be played from its first bytes on. Raises
        `ResponderError` where there is no sound or it breaks off.
        """
        create = self._speaking.audio.speech.with_streaming_response.create
        try:
            async with create(
                model=self._speech_model, voice=voice, input=text, response_format=form
            ) as response:
                if not response.headers.get("content-type", "audio/").startswith(
                    ("audio/", "application/octet-stream")
                ):
                    raise ResponderError(code="responder_incomplete")
                empty = True
                async for piece in response.iter_bytes():
                    empty = False
                    yield piece
        except APIError as error:
            raise responder_error(error) from error
        except httpx2.TimeoutException as error:
            raise ResponderTimeout from error
        except httpx2.HTTPError as error:
            logger.warning("The speech broke off (%s)", type(error).__name__)
            raise ResponderError(code="responder_incomplete") from error
        if empty:
            raise ResponderError(code="responder_empty")
