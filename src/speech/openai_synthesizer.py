"""Speech synthesis by OpenAI, or any server that speaks its protocol."""

from __future__ import annotations

import logging
from contextlib import AsyncExitStack
from functools import partial
from typing import TYPE_CHECKING

from openai import omit

# Imported here to be part of the start-up; the package imports it with the first call.
from openai.resources.audio import AsyncSpeech  # noqa: F401 - for its effect

from errors import ResponderError
from responders.openai_errors import OPENAI_ERRORS
from speech.synthesizer import MEDIA_TYPES, Sound, Utterance, begun, chosen_voice

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from openai import AsyncAPIResponse

    from responders.openai_connection import OpenAIConnection

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
# PCM takes 48,000 bytes per second. No voice takes half a second for each character of a text, and 80 seconds
# on top.
SPEECH_BYTES_PER_CHAR, MORE_SPEECH_BYTES = 24_000, 4_000_000
AUDIO_TYPES = ("audio/", "application/octet-stream")

logger = logging.getLogger("voice_agent.openai")


class OpenAISynthesizer:
    """Speaks with `model`, in one of `voices` and in any language."""

    name = "openai"

    def __init__(self, connection: OpenAIConnection, model: str, voices: tuple[str, ...]) -> None:
        self._connection = connection
        self._model = model
        self.voices = voices

    def speaks(self, _language: str | None) -> bool:
        return True

    async def speak(self, utterance: Utterance) -> Sound:
        return await begun(MEDIA_TYPES[utterance.audio_format], self._pieces(utterance))

    async def _pieces(self, utterance: Utterance) -> AsyncGenerator[bytes]:
        create = partial(
            self._connection.client.audio.speech.with_streaming_response.create,
            model=self._model,
            voice=chosen_voice(utterance.voice, self.voices),
            input=utterance.text,
            response_format=utterance.audio_format,
            extra_headers={**NO_PLATFORM_HEADERS, **self._connection.omitted_headers},
        )
        room = left = len(utterance.text) * SPEECH_BYTES_PER_CHAR + MORE_SPEECH_BYTES
        try:
            async with AsyncExitStack() as stack:
                response = await self._connection.with_retries(lambda: stack.enter_async_context(create()))
                _require_audio(response)
                async for piece in response.iter_bytes():
                    left -= len(piece)
                    if left < 0:
                        logger.warning("OpenAI's speech does not end")
                        raise ResponderError(code="responder_incomplete")
                    yield piece
        except OPENAI_ERRORS as error:
            raise self._connection.responder_error(error) from error
        if left == room:
            logger.warning("OpenAI's speech is empty")
            raise ResponderError(code="responder_empty")


def _require_audio(response: AsyncAPIResponse[bytes]) -> None:
    if not response.headers.get("content-type", "audio/").startswith(AUDIO_TYPES):
        logger.warning("OpenAI's speech is not audio")
        raise ResponderError(code="responder_incomplete")
