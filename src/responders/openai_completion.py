"""A chat completion as the server sends it, whole or as events, read for the few fields that we need.

The package's models cover every field of the protocol; building them in WebAssembly takes several times as
long as this (docs/performance.md).
"""

from __future__ import annotations

import json
import logging
import re
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import from_json

from errors import ResponderError
from models import Usage
from responders.responder import Reply

# JSON can escape half of a surrogate pair, which cannot be encoded as UTF-8.
LONE_SURROGATE = re.compile("[\ud800-\udfff]")

logger = logging.getLogger("voice_agent.openai")


@dataclass(slots=True)
class Completion:
    """Collects a completion; `model` is first the one requested, then the version that the server names."""

    model: str
    usage: Usage | None = None
    finish_reason: str | None = None
    texts: list[str] = field(default_factory=list)

    def add(self, data: bytes) -> str:
        """The text, possibly empty, that `data` adds: a whole completion or one chunk, as JSON.

        A refusal is text like any other. Raises `ResponderError` if `data` is not a completion, because the
        server failed half-way or speaks another protocol.
        """
        try:
            try:
                text = self._read(from_json(data))
            except ValueError:  # such as a lone surrogate, which Python's own parser accepts
                text = self._read(json.loads(data))
        except (AttributeError, RecursionError, TypeError, ValueError) as error:
            logger.warning("OpenAI's answer is unreadable (%s)", type(error).__name__)
            raise ResponderError(code="responder_incomplete") from error
        self.texts.append(text)
        return text

    def reply(self) -> Reply:
        """The final record. Raises `ResponderError` if the answer has no end or no text."""
        if self.finish_reason is None:
            raise ResponderError(code="responder_incomplete")
        text = "".join(self.texts)
        if not text.strip():
            raise ResponderError(
                "The assistant had no answer to that. Please rephrase your question.", code="responder_empty"
            )
        return Reply(text=text, model=self.model, usage=self.usage, finish_reason=self.finish_reason)

    def _read(self, completion: dict[str, Any]) -> str:
        if error := completion.get("error"):
            logger.warning("OpenAI failed while answering (%s)", error.get("code"))
            raise ResponderError(code="responder_incomplete")
        self.model = completion.get("model") or self.model
        if usage := completion.get("usage"):
            with suppress(KeyError, TypeError, ValueError):  # some servers send nulls
                self.usage = Usage(int(usage["prompt_tokens"]), int(usage["completion_tokens"]))
        text = ""
        for choice in completion.get("choices") or ():
            self.finish_reason = choice.get("finish_reason") or self.finish_reason
            message = choice.get("delta") or choice.get("message") or {}
            text += message.get("content") or message.get("refusal") or ""
        return text if text.isascii() else LONE_SURROGATE.sub("\ufffd", text)


@dataclass(slots=True)
class EventReader:
    """Cuts a stream of bytes into the data of its server-sent events, wherever the network split it.

    `rest` is the beginning of a line and `lines` the data of an event that are not complete yet.
    """

    rest: bytes = b""
    lines: list[bytes] = field(default_factory=list)

    def feed(self, chunk: bytes | memoryview) -> list[bytes]:
        """The data of each event that `chunk` completes.

        As the standard asks, comments, other fields than `data` and events without data are ignored.
        """
        *complete, self.rest = (self.rest + chunk).split(b"\n")
        events = []
        for ended in complete:
            line = ended.removesuffix(b"\r")
            if line.startswith(b"data:"):
                self.lines.append(line[5:].removeprefix(b" "))
            elif not line and self.lines:
                events.append(b"\n".join(self.lines))
                self.lines = []
        return events
