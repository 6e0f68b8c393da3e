"""What to make of stored values that are not sessions as this version stores them."""

from __future__ import annotations

import logging
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from pydantic_core import from_json

from errors import SessionClosed, SessionTooNew
from session_id import short_fingerprint
from stored_types import MAX_MESSAGE_CHARS

if TYPE_CHECKING:
    from models import ConversationMessage
    from voice_session import VoiceSession

# The version of the sessions that this version of the agent stores.
VERSION = 1

logger = logging.getLogger("voice_agent.sessions")


def check_replaceable(session_id: str, text: str, error: ValueError) -> None:
    """Return if `text`, which could not be read because of `error`, may be replaced; that is logged.

    Raises `SessionClosed` if it is a note that the session was closed, as earlier versions stored it in the
    session's place, and `SessionTooNew` if a later version of this agent stored it.
    """
    value = _fields_of(text)
    if _is_note(value):
        raise SessionClosed
    name, version = short_fingerprint(session_id), value.get("version")
    # A version alone is not a session.
    if isinstance(version, int) and version > VERSION and len(value) > 1:
        logger.error("Session %s: left alone, because a later version stored it (%d)", name, version)
        raise SessionTooNew
    reason = error.errors()[0]["type"] if isinstance(error, ValidationError) else type(error).__name__
    logger.warning("Session %s: ignored an unreadable value (%s)", name, reason)


def sound(session: VoiceSession) -> VoiceSession:
    """`session` without messages that break the alternation of question and answer, or are too long.

    All the answers that are left are counted.
    """
    kept: list[ConversationMessage] = []
    for message, following in pairwise((*session.messages, None)):
        pair = [one for one in (message, following) if one]
        fits = all(len(one.content) <= MAX_MESSAGE_CHARS for one in pair)
        if fits and [one.role for one in pair] in (["user"], ["user", "assistant"]):
            kept += pair
    return session.model_copy(update={"messages": tuple(kept), "turn": max(session.turn, len(kept) // 2)})


def is_closing_note(text: str) -> bool:
    """Whether `text` is a note that a session was closed, of whichever version."""
    return _is_note(_fields_of(text))


def _is_note(value: dict[str, Any]) -> bool:
    return value.get("closed_at") is not None


def _fields_of(text: str) -> dict[str, Any]:
    """The fields of a JSON object; none if `text` is anything else."""
    try:
        value = from_json(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
