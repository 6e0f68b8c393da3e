"""`POST /v1/chat/completions` of the stand-in, in JSON and as a stream."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local.standin.answers import Message, answer
from local.standin.protocol import (
    NOT_AN_OBJECT,
    ApiError,
    event,
    event_stream,
    field,
    in_pieces,
    json_script,
    tokens,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from local.standin.faults import Behaviour
    from local.standin.script import Script

_ROLES = frozenset({"system", "developer", "user", "assistant", "tool", "function"})
# What the frame of a message and of the reply costs, after OpenAI's cookbook on counting tokens.
_FRAME_TOKENS = 3


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """What a completion is asked with, checked."""

    model: str
    messages: Sequence[Message]
    limit: int | None
    stream: bool
    include_usage: bool

    @classmethod
    def read(cls, body: object) -> ChatRequest:
        """Check `body` as OpenAI does, and raise `ApiError` 400; unknown fields are let through."""
        if not isinstance(body, dict):
            raise ApiError(400, NOT_AN_OBJECT)
        stream = field(body, "stream", bool, default=False)
        options = field(body, "stream_options", dict, default={})
        if options and not stream:
            message = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
            raise ApiError(400, message, param="stream_options")
        return cls(
            model=field(body, "model", str),
            messages=_messages(field(body, "messages", list)),
            limit=_limit(body, "max_completion_tokens") or _limit(body, "max_tokens"),
            stream=stream,
            include_usage=options.get("include_usage") is True,
        )


@dataclass(frozen=True, slots=True)
class Completion:
    """One answer, ready to be sent either way."""

    request: ChatRequest
    behaviour: Behaviour
    identity: str
    created: int
    text: str
    finish_reason: str | None

    def script(self) -> Script:
        """The answer in the form that was asked for."""
        if self.request.stream:
            return event_stream(
                self._chunk({"role": "assistant", "content": ""}), self._deltas(), self._end()
            )
        return json_script(self._body(), thought_up=max(1, len(in_pieces(self.text, self.behaviour))))

    def _body(self) -> dict[str, Any]:
        refused = self.behaviour.refusal is not None
        message: dict[str, Any] = {
            "role": "assistant",
            "content": None if refused else self.text,
            "refusal": self.text if refused else None,
            "annotations": [],
        }
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": self.finish_reason}
        body = {**self._frame("chat.completion"), "choices": [choice]}
        return {**body, "usage": self._usage()} if self.behaviour.usage else body

    def _deltas(self) -> list[bytes]:
        kind = "content" if self.behaviour.refusal is None else "refusal"
        return [self._chunk({kind: piece}) for piece in in_pieces(self.text, self.behaviour)]

    def _end(self) -> bytes:
        parts = [self._chunk({}, self.finish_reason)] if self.finish_reason else []
        if self.request.include_usage and self.behaviour.usage:
            parts.append(
                event({**self._frame("chat.completion.chunk"), "choices": [], "usage": self._usage()})
            )
        return b"".join([*parts, b"data: [DONE]\n\n" if self.behaviour.done else b""])

    def _chunk(self, delta: Mapping[str, str], finish_reason: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        usage = {"usage": None} if self.request.include_usage else {}
        return event({**self._frame("chat.completion.chunk"), "choices": [choice], **usage})

    def _frame(self, kind: str) -> dict[str, Any]:
        return {"id": self.identity, "object": kind, "created": self.created, "model": self.request.model}

    def _usage(self) -> dict[str, int]:
        asked = sum(_FRAME_TOKENS + len(tokens(m.content)) for m in self.request.messages) + _FRAME_TOKENS
        answered = len(tokens(self.text))
        return {"prompt_tokens": asked, "completion_tokens": answered, "total_tokens": asked + answered}


def chat(body: object, behaviour: Behaviour, *, number: int, created: int) -> Script:
    """Answer a completion request; raises `ApiError` where OpenAI refuses it."""
    request = ChatRequest.read(body)
    scripted = behaviour.reply if behaviour.refusal is None else behaviour.refusal
    found = tokens(answer(request.messages) if scripted is None else scripted)
    text = "".join(found[: request.limit])
    reason = behaviour.finish_reason or ("length" if len(text) < len("".join(found)) else "stop")
    finish_reason = None if reason == "missing" else reason
    return Completion(request, behaviour, f"chatcmpl-standin-{number}", created, text, finish_reason).script()


def _limit(body: Mapping[str, Any], name: str) -> int | None:
    if body.get(name) is None:
        return None
    value = field(body, name, int)
    if value < 1:
        message = f"Invalid value for '{name}': expected at least 1, got {value}."
        raise ApiError(400, message, param=name, code="integer_below_min_value")
    return value


def _messages(messages: list[Any]) -> list[Message]:
    if not messages:
        message = "Invalid 'messages': an empty list. Expected at least one message."
        raise ApiError(400, message, param="messages", code="empty_array")
    return [_message(message, f"messages[{index}]") for index, message in enumerate(messages)]


def _message(message: object, place: str) -> Message:
    if not isinstance(message, dict):
        raise ApiError(
            400, f"Invalid type for '{place}': expected an object.", param=place, code="invalid_type"
        )
    role = message.get("role")
    if not isinstance(role, str) or role not in _ROLES:
        param = f"{place}.role"
        raise ApiError(400, f"Invalid value for '{param}': {role!r}.", param=param, code="invalid_value")
    return Message(role, _content(message.get("content"), f"{place}.content"))


def _content(content: object, place: str) -> str:
    """The text of a message's content: a string, or a list of text parts."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) and content else [None]
    texts = [part.get("text") if isinstance(part, dict) else None for part in parts]
    if not all(isinstance(text, str) for text in texts):
        message = f"Invalid type for '{place}': expected a string or a list of text parts."
        raise ApiError(400, message, param=place, code="invalid_type")
    return "".join(text for text in texts if text)
