"""Speech recognition by OpenAI, or any server that speaks its protocol.

The fields and events are those of `POST /audio/transcriptions` in the `openai` package
(`types/audio/transcription_create_params.py`, `transcription_stream_event.py`).
"""

from __future__ import annotations

import json
import logging
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from openai import APIStatusError

from errors import ResponderError
from responders.openai_completion import EventReader
from responders.openai_errors import OPENAI_ERRORS

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2

    from responders.openai_connection import OpenAIConnection
    from speech.recording import Recording

PATH = "audio/transcriptions"
# Far more than anyone says in the longest recording that is accepted, as JSON and as events.
MAX_TRANSCRIPT_BYTES = 65_536
MAX_EVENT_BYTES = 16 * MAX_TRANSCRIPT_BYTES
EVENT_STREAM = "text/event-stream"
DELTA, DONE, ERROR = "transcript.text.delta", "transcript.text.done", "error"
# What servers answer to a field that they do not know.
UNKNOWN_FIELD = frozenset({400, 422})

logger = logging.getLogger("voice_agent.openai")


class OpenAIRecognizer:
    """Transcribes with `model`. A server that cannot stream is asked for the whole text from then on."""

    name = "openai"

    def __init__(self, connection: OpenAIConnection, model: str) -> None:
        self._connection = connection
        self._model = model
        self._can_stream = True

    @property
    def receiver(self) -> str:
        return self._connection.provider

    def listens(self) -> bool:
        return True

    async def transcribe(self, recording: Recording, language: str | None) -> str:
        form = recording.form(self._fields(language))
        try:
            body = await self._connection.with_retries(
                lambda: self._connection.post_form(PATH, form, MAX_TRANSCRIPT_BYTES)
            )
        except OPENAI_ERRORS as error:
            raise self._connection.responder_error(error) from error
        return _text(body)

    async def stream(self, recording: Recording, language: str | None, write: Callable[[str], object]) -> str:
        form = recording.form({**self._fields(language), "stream": "true"})
        if self._can_stream:
            try:
                response = await self._connection.with_retries(lambda: self._connection.open_form(PATH, form))
                return await self._read(response, write)
            except APIStatusError as error:
                if error.status_code not in UNKNOWN_FIELD:
                    raise self._connection.responder_error(error) from error
            except OPENAI_ERRORS as error:
                raise self._connection.responder_error(error) from error
        text = await self.transcribe(recording, language)
        self._can_stream = False
        write(text)
        return text

    def _fields(self, language: str | None) -> dict[str, str]:
        return {"model": self._model, **({"language": language} if language else {})}

    async def _read(self, response: httpx2.Response, write: Callable[[str], object]) -> str:
        async with aclosing(response):
            if not response.headers.get("content-type", "").startswith(EVENT_STREAM):
                text = _text(await self._connection.read(response, MAX_TRANSCRIPT_BYTES))
                write(text)
                return text
            reader, transcript, left = EventReader(), _Transcript(), MAX_EVENT_BYTES
            async for chunk in response.aiter_bytes():
                left -= len(chunk)
                if (piece := "".join(map(transcript.add, reader.feed(chunk)))) and left > 0:
                    write(piece)
                if transcript.done is not None or left <= 0:
                    break
            return transcript.text()


@dataclass(slots=True)
class _Transcript:
    """Collects the events of a transcription; `done` is the whole text, once the server has sent it."""

    done: str | None = None
    pieces: list[str] = field(default_factory=list)
    untyped: bool = False

    def add(self, event: bytes) -> str:
        """The piece of text in `event`, possibly empty. Raises `ResponderError` if it is not an event.

        Speaches sends a transcript without a type for each segment (its `routers/stt.py`).
        """
        if event.strip() == b"[DONE]":
            return ""
        data = _object(event)
        kind, text = data.get("type"), data.get("text")
        if kind == ERROR or "error" in data:
            logger.warning("The transcription failed half-way")
            raise ResponderError(code="responder_incomplete")
        if kind == DONE and isinstance(text, str):
            self.done = text
            return ""
        self.untyped = self.untyped or kind is None
        piece = data.get("delta") if kind == DELTA else text if kind is None else ""
        self.pieces.append(piece if isinstance(piece, str) else "")
        return self.pieces[-1]

    def text(self) -> str:
        """The whole text. Raises `ResponderError` if the stream ended before it was complete."""
        if self.done is not None:
            return self.done.strip()
        if not self.untyped:
            logger.warning("The transcript has no end")
            raise ResponderError(code="responder_incomplete")
        return "".join(self.pieces).strip()


def _text(body: bytes) -> str:
    text = _object(body).get("text")
    if not isinstance(text, str):
        raise _unreadable()
    return text.strip()


def _object(data: bytes) -> dict[str, Any]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise _unreadable()
    return value


def _unreadable() -> ResponderError:
    logger.warning("OpenAI's transcript is unreadable")
    return ResponderError(code="responder_incomplete")
