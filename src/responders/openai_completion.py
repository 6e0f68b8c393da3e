"""A chat completion as the server sends it, whole or as events, read for the few fields that we need.

The package's models cover every field of the protocol; building them in WebAssembly takes several times as
long as this (docs/performance.md).
"""

from __future__ import annotations

import json
import logging
import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

from errors import AnswerFiltered, NothingSaid, PromptTooLong, ResponderError
from models import Usage
from responders.openai_refusals import loggable_code, refusal
from responders.responder import Reply
from responders.thoughts import BRACKETS, Thoughts
from visible_text import first_visible

if TYPE_CHECKING:
    from collections.abc import Callable

# JSON can escape half of a surrogate pair, which cannot be encoded as UTF-8.
LONE_SURROGATE = re.compile("[\ud800-\udfff]")
# Far deeper than any completion. Python's parser may exhaust the stack of a Worker long before its own limit.
MAX_NESTING = 200
# A name or a count beyond these is a mistake of the server.
MAX_MODEL_CHARS = 200
MAX_TOKENS = 10_000_000
# Other servers' words for the reasons why an answer ended; an unknown one is an ordinary end.
FINISH_REASONS = {
    "length": "length",
    "max_output_tokens": "length",
    "max_tokens": "length",
    "model_length": "length",
    "content_filter": "content_filter",
    "safety": "content_filter",
    "error": "error",
}
NO_END = (None, "error")  # OpenRouter's reason for an answer that broke off is an error
# The types of content parts that are said; others, such as `thinking`, are not.
SAID = frozenset({None, "text", "output_text", "refusal"})

BOM = b"\xef\xbb\xbf"

logger = logging.getLogger("voice_agent.openai")


@dataclass(slots=True)
class Completion:
    """Collects a completion; `model` is first the one requested, then the version that the server names.

    At most `max_bytes` of text are taken; `full` says that there was more. `steps` counts the data that had
    text or reasoning in it, as opposed to signs of life.
    """

    model: str
    max_bytes: float = math.inf
    usage: Usage | None = None
    finish_reason: str | None = None
    texts: list[str] = field(default_factory=list)
    full: bool = False
    steps: int = 0
    _thoughts: Thoughts | None = None

    def add(self, data: bytes, *, cut_off: bool = False) -> str:
        """The text, possibly empty, that `data` adds: a whole completion or one chunk, as JSON.

        A refusal is text like any other; reasoning is not text. `cut_off` means that the end of `data` is
        missing because it is too long. Raises `ResponderError` if `data` is not a completion, because the
        server failed half-way or speaks another protocol.
        """
        try:
            try:
                text = self._read(from_json(data, allow_partial="trailing-strings" if cut_off else False))
            except ValueError:  # such as a lone surrogate, which Python's own parser accepts
                text = self._read(_lenient_json(data))
        except (AttributeError, TypeError, ValueError) as error:
            logger.warning("OpenAI's answer is unreadable (%s)", type(error).__name__)
            raise ResponderError(code="responder_incomplete") from error
        if self._thoughts or not BRACKETS.isdisjoint(text):
            text = self._without_thoughts(text)
        size = len(text) if text.isascii() else len(text.encode())
        if cut_off or size > self.max_bytes:
            room = int(max(0, min(size, self.max_bytes)))
            text = text.encode()[:room].decode(errors="ignore")
            self.full, self.finish_reason = True, "length"
        self.max_bytes -= size
        self.texts.append(text)
        return text

    def reply(self, write: Callable[[str], object] = lambda _text: None) -> Reply:
        """The final record. Raises `ResponderError` if the answer has no end or no text.

        `write` is called with text that was held back because it might have been the beginning of a tag.
        """
        if self.finish_reason in NO_END:
            raise ResponderError(code="responder_incomplete")
        if self._thoughts and (held := self._thoughts.rest()):
            self.texts.append(held)
            write(held)
        text = "".join(self.texts)
        if not first_visible(text):
            raise self._nothing_said()
        return Reply(text=text, model=self.model, usage=self.usage, finish_reason=self.finish_reason or "")

    def _read(self, completion: dict[str, Any]) -> str:
        if (error := completion.get("error")) and self.finish_reason in NO_END:
            raise self._failure(error)
        model = completion.get("model")
        if isinstance(model, str) and 0 < len(model) <= MAX_MODEL_CHARS and model.isprintable():
            self.model = model
        if usage := completion.get("usage"):
            self.usage = _usage(usage) or self.usage
        text = ""
        choices = completion.get("choices")
        for choice in _choices(completion) if choices is None else choices:
            if choice.get("index"):  # another answer, which nobody asked for
                continue
            if reason := choice.get("finish_reason"):
                known = isinstance(reason, str)
                self.finish_reason = FINISH_REASONS.get(reason.lower(), "stop") if known else "stop"
            message = choice.get("delta") or choice.get("message") or {}
            if content := message.get("content") or message.get("refusal"):
                text += content if isinstance(content, str) else _said(content)
                self.steps += 1
            elif message.get("reasoning_content") or message.get("reasoning"):
                self.steps += 1
        return text if text.isascii() else LONE_SURROGATE.sub("\ufffd", text)

    def _without_thoughts(self, text: str) -> str:
        self._thoughts = self._thoughts or Thoughts()
        said = self._thoughts.remove(text)
        if self._thoughts.withdrawn:
            self._thoughts.withdrawn = False
            self.texts.clear()
        return said

    def _failure(self, error: object) -> ResponderError:
        """What to raise for an `error` that was sent in place of the rest of the answer."""
        logger.warning("OpenAI failed while answering (%s)", loggable_code(error))
        refused = refusal(error)
        if refused is None or (isinstance(refused, PromptTooLong) and any(self.texts)):
            return ResponderError(code="responder_incomplete")
        return refused

    def _nothing_said(self) -> ResponderError:
        if self.finish_reason == "content_filter":
            return AnswerFiltered()
        logger.warning("OpenAI's answer has no text (finish_reason: %s)", self.finish_reason)
        return NothingSaid()


def _choices(completion: dict[str, Any]) -> list[dict[str, Any]]:
    """The choice in a completion of Cloudflare's own form, `{"response", "usage"}`; the usage ends it.

    Older models of Workers AI answer so (`AiTextGenerationOutput` in `@cloudflare/workers-types`).
    """
    if "response" not in completion:
        return []
    end = "stop" if completion.get("usage") else None
    return [{"delta": {"content": completion["response"]}, "finish_reason": end}]


def _lenient_json(data: bytes) -> Any:
    """`data` as Python's own parser reads it: in any Unicode encoding, with lone surrogates or broken UTF-8.

    Raises `ValueError` if it is not JSON, or may be nested too deeply.
    """
    if data.count(b"[") + data.count(b"{") > MAX_NESTING:
        raise ValueError("nested too deeply")
    try:
        return json.loads(data)
    except UnicodeDecodeError:
        return json.loads(data.decode(errors="replace"))


def _usage(usage: Any) -> Usage | None:
    """The tokens counted; None unless both numbers can be counts of tokens."""
    if not isinstance(usage, dict):
        return None
    sent: Any = usage.get("prompt_tokens")
    written: Any = usage.get("completion_tokens")
    for count in (sent, written):
        if type(count) not in {int, float} or not 0 <= count <= MAX_TOKENS or count != int(count):
            return None
    return Usage(int(sent), int(written))


def _said(parts: object) -> str:
    """The text of content that is one part or a list of them.

    Raises `TypeError` or `AttributeError` if it is anything else.
    """
    listed: list[Any] = parts if isinstance(parts, list) else [parts]
    return "".join(part if isinstance(part, str) else _text_of(part) for part in listed)


def _text_of(part: dict[str, Any]) -> str:
    return part.get("text") or part.get("refusal") or "" if part.get("type") in SAID else ""


@dataclass(slots=True)
class EventReader:
    """Cuts a stream of bytes into the data of its server-sent events, wherever the network split it.

    A line ends with LF, CR or both, and the stream may begin with a byte-order mark. `rest` is the beginning
    of a line and `lines` the data of an event that are not complete yet; `after_cr` says that the last byte
    was a CR, so that an LF that follows belongs to it.
    """

    rest: bytes = b""
    lines: list[bytes] = field(default_factory=list)
    begun: bool = False
    after_cr: bool = False

    def feed(self, chunk: bytes | memoryview) -> list[bytes]:
        """The data of each event that `chunk` completes.

        As the standard asks, comments, other fields than `data` and events without data are ignored.
        """
        data = self.rest + chunk
        if self.after_cr or b"\r" in data:
            data = self._with_lf_only(data)
        *complete, self.rest = data.split(b"\n")
        if complete and not self.begun:
            self.begun = True
            complete[0] = complete[0].removeprefix(BOM)
        events = []
        for line in complete:
            if line.startswith(b"data:"):
                self.lines.append(line[5:].removeprefix(b" "))
            elif not line and self.lines:
                events.append(b"\n".join(self.lines))
                self.lines = []
        return events

    def _with_lf_only(self, data: bytes) -> bytes:
        if not data:
            return data
        if self.after_cr:  # nothing of the line after it is there yet
            data = data.removeprefix(b"\n")
        self.after_cr = data.endswith(b"\r")
        return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
