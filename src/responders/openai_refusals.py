"""What the errors of OpenAI and compatible servers say about a request.

Their codes are taken at their word. A message may quote what a visitor said, so it may change that visitor's
request at most.
"""

from __future__ import annotations

import re
from typing import Any

from errors import AnswerFiltered, PromptTooLong, ResponderError

# How servers and gateways say that a content filter stopped the question or the answer.
FILTERED = frozenset(
    {
        "content_filter",
        "content_filtered",
        "content_policy_violation",
        "data_inspection_failed",
        "invalid_prompt",
        "moderation_blocked",
        "prompt_blocked",
        "responsibleaipolicyviolation",
        "safety",
        # AI Gateway's guardrails: the prompt or the response was blocked.
        "2016",
        "2017",
    }
)
FILTERED_MESSAGE = "content exists risk"  # DeepSeek's whole message, which has no code of its own
TOO_LONG = frozenset(
    {
        "context_length_exceeded",
        "context_window_exceeded",
        "exceed_context_size_error",
        "max_tokens_exceeded",
        "prompt_too_long",
        "string_above_max_length",
    }
)
# What servers without such a code say. A visitor's words in a message can only shorten that visitor's prompt.
TOO_LONG_MESSAGE = re.compile(
    r"context (?:length|window|size)|maximum (?:prompt|model) length|prompt is too long|too many tokens"
    r"|input token count|too large for model|max_new_tokens",
    re.IGNORECASE,
)
# Statuses with which servers refuse a prompt for its length; a proxy may also find it too large (413).
TOO_LONG_STATUSES = frozenset({200, 400, 413, 422})
PAYLOAD_TOO_LARGE = 413
_CODE = re.compile(r"[A-Za-z]+(?:_[A-Za-z]+)*")
_MAX_CODE_CHARS = 48


def refusal(error: object, status: int = 200) -> ResponderError | None:
    """The error to show if `error`, sent with `status`, is about a filter or a prompt that is too long.

    `error` is the `error` member of what the server sent, of any type. None if it is about anything else.
    """
    inner, metadata = member(error, "innererror"), member(error, "metadata")
    said = (member(error, "code"), member(error, "type"), member(inner, "code"))
    codes = {str(value).lower() for value in said}
    message = message_of(error)
    if codes & FILTERED or message.lower() == FILTERED_MESSAGE or member(metadata, "flagged_input"):
        return AnswerFiltered()
    too_long = codes & TOO_LONG or TOO_LONG_MESSAGE.search(message) or status == PAYLOAD_TOO_LARGE
    return PromptTooLong() if too_long and status in TOO_LONG_STATUSES else None


def message_of(error: object) -> str:
    """The message of `error`, which may be the error itself; empty if there is none."""
    message = member(error, "message") or member(error, "detail") or error
    return message if isinstance(message, str) else ""


def loggable_code(error: object) -> str:
    """The code of `error`, if it looks like an identifier, else 'no code'.

    Anything else stays out of the log: it may forge lines, or quote a key or what a visitor said.
    """
    code = member(error, "code")
    is_name = isinstance(code, str) and len(code) <= _MAX_CODE_CHARS and _CODE.fullmatch(code)
    return str(code) if is_name else "no code"


def member(value: Any, name: str) -> object:
    """The member `name` of `value`; None if `value` is not an object or has none."""
    return value.get(name) if isinstance(value, dict) else None
