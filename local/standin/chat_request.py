"""The body of a chat request, checked as OpenAI checks it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from local.standin.errors import NOT_AN_OBJECT, ApiError
from local.standin.fields import field
from local.standin.tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from local.standin.behaviour import Behaviour

_SYSTEM_ROLES = frozenset({"system", "developer"})
# Tokens of overhead for each message and for the reply, as in OpenAI's cookbook on counting tokens.
OVERHEAD_TOKENS = 3
_ROLES = frozenset({"system", "developer", "user", "assistant", "tool", "function"})


class Message(NamedTuple):
    """One message, with the text of its content."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """A chat request. `max_tokens` is None for no limit."""

    model: str
    messages: Sequence[Message]
    max_tokens: int | None
    stream: bool
    include_usage: bool

    @property
    def prompt_tokens(self) -> int:
        """What the messages cost."""
        return OVERHEAD_TOKENS + sum(OVERHEAD_TOKENS + len(tokens(m.content)) for m in self.messages)

    def check_model(self, behaviour: Behaviour) -> None:
        """Raise `ApiError` 400 if the messages are more than the model of `behaviour` takes."""
        if behaviour.no_system_role and self.messages[0].role in _SYSTEM_ROLES:
            raise ApiError(400, "System role not supported")
        limit = behaviour.max_prompt_tokens
        if limit is not None and self.prompt_tokens > limit:
            message = (
                f"This model's maximum context length is {limit} tokens. "
                f"However, your messages resulted in {self.prompt_tokens} tokens."
            )
            raise ApiError(400, message, param="messages", code="context_length_exceeded")

    @classmethod
    def read(cls, body: object, unknown_fields: Sequence[str] = ()) -> ChatRequest:
        """Check `body`; raises `ApiError` 400.

        Fields that the stand-in does not know are ignored, except for `unknown_fields`, which are refused.
        """
        if not isinstance(body, dict):
            raise ApiError(400, NOT_AN_OBJECT)
        for name in unknown_fields:
            if name in body:
                raise ApiError(400, f"Unrecognized request argument supplied: {name}", code="unknown_field")
        stream = field(body, "stream", bool, default=False)
        options = field(body, "stream_options", dict, default={})
        if options and not stream:
            message = "The 'stream_options' parameter is only allowed when 'stream' is enabled."
            raise ApiError(400, message, param="stream_options")
        return cls(
            model=field(body, "model", str),
            messages=_messages(field(body, "messages", list)),
            max_tokens=_max_tokens(body, "max_completion_tokens") or _max_tokens(body, "max_tokens"),
            stream=stream,
            include_usage=options.get("include_usage") is True,
        )


def _max_tokens(body: Mapping[str, Any], name: str) -> int | None:
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


def _message(message: object, param: str) -> Message:
    if not isinstance(message, dict):
        raise ApiError(
            400, f"Invalid type for '{param}': expected an object.", param=param, code="invalid_type"
        )
    role = message.get("role")
    if not isinstance(role, str) or role not in _ROLES:
        param = f"{param}.role"
        raise ApiError(400, f"Invalid value for '{param}': {role!r}.", param=param, code="invalid_value")
    return Message(role, _content(message.get("content"), f"{param}.content"))


def _content(content: object, param: str) -> str:
    """The text of a message's content, which is a string or a list of text parts."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) and content else [None]
    texts = [part.get("text") if isinstance(part, dict) else None for part in parts]
    if not all(isinstance(text, str) for text in texts):
        message = f"Invalid type for '{param}': expected a string or a list of text parts."
        raise ApiError(400, message, param=param, code="invalid_type")
    return "".join(text for text in texts if text)
