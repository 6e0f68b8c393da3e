"""What an OpenAI server sends, read for the few fields that an answer needs.

The package's own models cover every field of the protocol. Building them takes several times as long in
WebAssembly as reading these: docs/performance.md has the figures.
"""

from __future__ import annotations

import json
import logging
import re
from typing import Any

from pydantic_core import from_json

from errors import ResponderError
from models import Usage
from responders.responder import Reply

END = b"[DONE]"
# JSON can write half a character, which nothing else can: it could be neither stored nor sent on.
LONE_SURROGATE = re.compile("[\ud800-\udfff]")

logger = logging.getLogger("voice_agent.openai")


class EventReader:
    """Cuts a stream of bytes into the data of its server-sent events, however the network cut it."""

    def __init__(self) -> None:
        """Begin with nothing read."""
        self._rest = b""
        self._data: list[bytes] = []

    def feed(self, chunk: bytes | memoryview) -> list[bytes]:
        """Take the next bytes; give the data of each event that they complete.

        Comments, fields other than `data` and events without data are passed over, as the standard wants it.
        """
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        events = []
        for ended in lines:
            line = ended.removesuffix(b"\r")
            if line.startswith(b"data:"):
                self._data.append(line[5:].removeprefix(b" "))
            elif not line and self._data:
                events.append(b"\n".join(self._data))
                self._data = []
        return events


class Answer:
    """An answer as it comes in: whole, or as the chunks of a stream."""

    def __init__(self, model: str) -> None:
        """`model` is what was asked for; the server says which of its versions answers."""
        self._model = model
        self._pieces: list[str] = []
        self._usage: Usage | None = None
        self._finish_reason: str | None = None

    def add(self, data: str | bytes) -> str:
        """Read a completion or one chunk of it; give the text that it adds, which may be empty.

        A refusal is text like any other. Raises `ResponderError` where this is no completion: the server
        failed on the way, or speaks another protocol.
        """
        try:
            text = self._add(_parsed(data))
        except (AttributeError, TypeError, ValueError) as error:
            logger.warning("OpenAI's answer cannot be read (%s)", type(error).__name__)
            raise ResponderError(code="responder_incomplete") from error
        self._pieces.append(text)
        return text

    def reply(self) -> Reply:
        """The final record. Raises `ResponderError` where the answer has no end or no text."""
        if self._finish_reason is None:
            raise ResponderError(code="responder_incomplete")
        text = "".join(self._pieces)
        if not text.strip():
            raise ResponderError(
                "The assistant had nothing to say to that. Please ask differently.", code="responder_empty"
            )
        return Reply(text=text, model=self._model, usage=self._usage, finish_reason=self._finish_reason)

    def _add(self, completion: dict[str, Any]) -> str:
        if error := completion.get("error"):
            logger.warning("OpenAI's answer broke off (%s)", error.get("code"))
            raise ResponderError(code="responder_incomplete")
        self._model = completion.get("model") or self._model
        if counted := completion.get("usage"):
            self._usage = _usage(counted)
        text = "".join(map(self._choice, completion.get("choices") or ()))
        return text if text.isascii() else LONE_SURROGATE.sub("\ufffd", text)

    def _choice(self, choice: dict[str, Any]) -> str:
        self._finish_reason = choice.get("finish_reason") or self._finish_reason
        message = choice.get("delta") or choice.get("message") or {}
        return message.get("content") or message.get("refusal") or ""


def _parsed(data: str | bytes) -> Any:
    try:
        return from_json(data)
    except ValueError:  # a half character too, which Python's parser takes
        return json.loads(data)


def _usage(counted: dict[str, Any]) -> Usage | None:
    """The tokens, or None where they are not counted: some servers say so with nulls."""
    try:
        return Usage(int(counted["prompt_tokens"]), int(counted["completion_tokens"]))
    except (KeyError, TypeError, ValueError):
        return None
