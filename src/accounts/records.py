"""What a visitor's history consists of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - pydantic resolves annotations at run time
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, Field, ValidationError

from models import CAMEL_CASE, AnswerRecord, ConversationMessage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Summary(BaseModel):
    """A conversation in a list. Its `id` is no credential: it is of use to its visitor only."""

    model_config = CAMEL_CASE

    id: str
    title: Annotated[str, Field(description="The first question, shortened, or what the visitor called it.")]
    turns: Annotated[int, Field(description="How many questions it has had.")]
    created_at: datetime
    updated_at: datetime
    expires_at: datetime


class Summaries(BaseModel):
    """A page of a list, newest first."""

    model_config = CAMEL_CASE

    conversations: list[Summary]
    next: Annotated[str | None, Field(description="The `cursor` of the next page; null on the last.")] = None


@dataclass(frozen=True, slots=True)
class Messages:
    """A conversation with some of its messages, in order.

    `before` is the number of the first turn among them if there are earlier ones; None if there are none.
    """

    summary: Summary
    messages: list[ConversationMessage]
    before: int | None


def messages_of(rows: Iterable[dict[str, Any]]) -> Iterator[ConversationMessage]:
    """The question and the answer of each turn, given as a row."""
    for row in rows:
        yield ConversationMessage(role="user", content=row["question"], timestamp=row["asked_at"])
        yield ConversationMessage(
            role="assistant",
            content=row["answer"],
            timestamp=row["asked_at"],
            record=record_of(row["record"]),
        )


def record_of(text: str) -> AnswerRecord | None:
    """What is stored about an answer besides its text; None if that is unreadable."""
    try:
        return AnswerRecord.model_validate_json(text)
    except ValidationError:
        return None
