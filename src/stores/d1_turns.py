"""Turns as D1 is given them, and the turns of a conversation that is stored as a whole."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from pydantic_core import from_json

from clock import MILLISECOND
from models import COMPLETE, ConversationMessage, Exchange
from stored_types import MAX_MESSAGE_CHARS, well_formed
from stores.unreadable import sound
from voice_session import VoiceSession

if TYPE_CHECKING:
    from collections.abc import Sequence

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Of the text of a conversation, this much is written and read at once. D1 takes 2 MB, and a character may
# need six bytes in JSON.
MAX_TEXT_CHARS = 300_000


def milliseconds(at: datetime) -> int:
    """`at` in milliseconds since 1970."""
    return (at - _EPOCH) // MILLISECOND


def from_milliseconds(value: int) -> datetime:
    """The time that is `value` milliseconds after 1970."""
    return _EPOCH + value * MILLISECOND


def rows_of(exchanges: Sequence[Exchange]) -> list[dict[str, Any]]:
    """The fields of each exchange for `d1_sql`; the oldest are left out if they are too long together."""
    rows: list[dict[str, Any]] = []
    chars = 0
    for exchange in reversed(exchanges):
        row = _row(exchange)
        chars += len(row["question"]) + len(row["answer"])
        if rows and chars > MAX_TEXT_CHARS:
            break
        rows.append(row)
    return rows[::-1]


def exchanges_of(session: VoiceSession) -> list[Exchange]:
    """The exchanges in the messages of `session`. One without a turn id gets its number as its id."""
    found: dict[str, Exchange] = {}
    number = session.turn - len(session.messages) // 2
    for question, answer in pairwise(session.messages):
        if (question.role, answer.role) == ("user", "assistant"):
            number += 1
            exchange = _exchange(question, answer, number)
            found[exchange.turn_id] = exchange
    return list(found.values())


def readable_part(text: str) -> VoiceSession:
    """The conversation in `text`, the JSON of a session, without the turns that are not valid.

    Raises `ValueError` if the rest is not valid either.
    """
    fields = from_json(text)
    messages = []
    for message in fields["messages"]:
        with suppress(ValidationError):
            messages.append(ConversationMessage.model_validate(message))
    return sound(VoiceSession.model_validate({**fields, "messages": messages}))


def _row(exchange: Exchange) -> dict[str, Any]:
    return {
        "turn_id": exchange.turn_id,
        "question": _text(exchange.question),
        "answer": _text(exchange.answer),
        "asked_at": milliseconds(exchange.timestamp),
        "tokens": exchange.tokens,
        "record": {
            "turn_id": exchange.turn_id,
            "model": exchange.model,
            "usage": exchange.usage,
            "finish_reason": exchange.finish_reason,
            "evidence": exchange.evidence,
        },
    }


def _text(text: str) -> str:
    """`text` as SQLite can keep it: without unpaired surrogates and null characters, and not too long."""
    text = text[:MAX_MESSAGE_CHARS].replace("\0", "\N{REPLACEMENT CHARACTER}")
    return text if text.isascii() else well_formed(text)


def _exchange(question: ConversationMessage, answer: ConversationMessage, number: int) -> Exchange:
    record = answer.record
    return Exchange(
        turn_id=(record and record.turn_id) or f"number-{number}",
        question=question.content,
        answer=answer.content,
        timestamp=answer.timestamp,
        model=record.model if record else "",
        usage=record.usage if record else None,
        finish_reason=record.finish_reason if record else COMPLETE,
        evidence=record.evidence if record else None,
        number=number,
    )
