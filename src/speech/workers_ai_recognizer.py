"""Speech recognition by Cloudflare's Workers AI."""

from __future__ import annotations

import logging
from contextlib import aclosing
from typing import TYPE_CHECKING

from errors import ResponderError
from responders.openai_errors import OPENAI_ERRORS
from responders.openai_refusals import member
from speech.openai_recognizer import MAX_TRANSCRIPT_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable

    from responders.workers_ai_connection import WorkersAIConnection
    from speech.recording import Recording

# The response has times for each word, and the whole text as subtitles too.
MAX_RESPONSE_BYTES = 32 * MAX_TRANSCRIPT_BYTES

logger = logging.getLogger("voice_agent.workers_ai")


class WorkersAIRecognizer:
    """Transcribes with whisper-large-v3-turbo, which takes a recording in base64 and returns `{"text"}`.

    https://developers.cloudflare.com/workers-ai/models/whisper-large-v3-turbo/ has its inputs and outputs.
    """

    name = "workers-ai"

    def __init__(self, connection: WorkersAIConnection, model: str) -> None:
        self._connection = connection
        self._model = model

    @property
    def receiver(self) -> str:
        return self._connection.provider

    def listens(self) -> bool:
        return True

    async def transcribe(self, recording: Recording, language: str | None) -> str:
        fields = {"model": self._model, **({"language": language} if language else {})}
        response = await self._connection.run(recording.inputs(fields))
        try:
            async with aclosing(response):
                body = await self._connection.read(response, MAX_RESPONSE_BYTES)
        except OPENAI_ERRORS as error:
            raise self._connection.responder_error(error) from error
        text = member(self._connection.parsed(body), "text")
        if not isinstance(text, str):
            logger.warning("The transcript of Workers AI is unreadable")
            raise ResponderError(code="responder_incomplete")
        return text.strip()

    async def stream(self, recording: Recording, language: str | None, write: Callable[[str], object]) -> str:
        """The model does not stream: the whole text is one piece."""
        text = await self.transcribe(recording, language)
        write(text)
        return text
