"""Speech synthesis by Cloudflare's Workers AI.

Deepgram's Aura (https://developers.cloudflare.com/workers-ai/models/aura-1/) streams sound in the encoding
asked for. MeloTTS (https://developers.cloudflare.com/ai/models/@cf/myshell-ai/melotts/) returns a whole file
in base64: MP3 according to that page, WAV according to some who use it.
"""

from __future__ import annotations

import logging
from base64 import b64decode
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from errors import ResponderError
from responders.openai_errors import OPENAI_ERRORS
from responders.openai_refusals import member
from speech.openai_synthesizer import MORE_SPEECH_BYTES, SPEECH_BYTES_PER_CHAR
from speech.synthesizer import MEDIA_TYPES, Sound, Utterance, begun, chosen_voice

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    import httpx2

    from responders.workers_ai_connection import WorkersAIConnection
    from speech.synthesizer import SpeechFormat

JSON = "application/json"
# Aura's parameters for our formats: `linear16` is PCM of 16 bits, and `none` leaves out a header.
ENCODINGS: Mapping[SpeechFormat, Mapping[str, object]] = {
    "mp3": {"encoding": "mp3"},
    "pcm": {"encoding": "linear16", "container": "none", "sample_rate": 24_000},
}
# Which languages a model speaks, by a part of its name; a model that is not listed is trusted with all.
LANGUAGES = {
    "aura-1": frozenset({"en"}),
    "aura-2-en": frozenset({"en"}),
    "aura-2-es": frozenset({"es"}),
    "melotts": frozenset({"en", "es", "fr", "zh"}),
}
MELOTTS = "melotts"

logger = logging.getLogger("voice_agent.workers_ai")


class WorkersAISynthesizer:
    """Speaks with `model`, in one of `voices` if it is Deepgram's: MeloTTS has one for each language."""

    name = "workers-ai"

    def __init__(self, connection: WorkersAIConnection, model: str, voices: tuple[str, ...]) -> None:
        self._connection = connection
        self._model = model
        self._languages = next((all_ for name, all_ in LANGUAGES.items() if name in model), None)
        self.voices = (MELOTTS,) if MELOTTS in model else voices

    def speaks(self, language: str | None) -> bool:
        return self._languages is None or language is None or language in self._languages

    async def speak(self, utterance: Utterance) -> Sound:
        response = await self._connection.run({"content": to_json(self._inputs(utterance))})
        limit = len(utterance.text) * SPEECH_BYTES_PER_CHAR + MORE_SPEECH_BYTES
        if not response.headers.get("content-type", "").startswith(JSON):
            media_type = MEDIA_TYPES["mp3" if MELOTTS in self._model else utterance.audio_format]
            return await begun(media_type, self._pieces(response, limit))
        data = await self._decoded(response, limit)
        return await begun("audio/wav" if data.startswith(b"RIFF") else MEDIA_TYPES["mp3"], _whole(data))

    def _inputs(self, utterance: Utterance) -> dict[str, Any]:
        if MELOTTS in self._model:
            # English is the default; some report that the model fails if it is given a language.
            lang = {} if utterance.language in {None, "en"} else {"lang": utterance.language}
            return {"model": self._model, "prompt": utterance.text, **lang}
        speaker = chosen_voice(utterance.voice, self.voices)
        encoding = ENCODINGS[utterance.audio_format]
        return {"model": self._model, "text": utterance.text, "speaker": speaker, **encoding}

    async def _pieces(self, response: httpx2.Response, left: int) -> AsyncGenerator[bytes]:
        is_empty = True
        try:
            async with aclosing(response):
                async for piece in response.aiter_bytes():
                    is_empty, left = False, left - len(piece)
                    if left < 0:
                        logger.warning("The speech of Workers AI does not end")
                        raise ResponderError(code="responder_incomplete")
                    yield piece
        except OPENAI_ERRORS as error:
            raise self._connection.responder_error(error) from error
        if is_empty:
            logger.warning("The speech of Workers AI is empty")
            raise ResponderError(code="responder_empty")

    async def _decoded(self, response: httpx2.Response, limit: int) -> bytes:
        try:
            async with aclosing(response):
                audio = member(self._connection.parsed(await self._connection.read(response, limit)), "audio")
        except OPENAI_ERRORS as error:
            raise self._connection.responder_error(error) from error
        try:
            return b64decode(audio if isinstance(audio, str) else "", validate=True)
        except ValueError as error:
            logger.warning("The speech of Workers AI is unreadable")
            raise ResponderError(code="responder_incomplete") from error


async def _whole(data: bytes) -> AsyncGenerator[bytes]:
    if not data:
        logger.warning("The speech of Workers AI is empty")
        raise ResponderError(code="responder_empty")
    yield data
