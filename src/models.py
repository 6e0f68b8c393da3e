"""What a conversation is made of: messages and sessions as stored, and the answer a visitor is sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime  # noqa: TC003 - pydantic resolves annotations at run time
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from amendments import INTERRUPTED
from evidence import Evidence, SourcesField, UnsupportedField, VerdictField  # noqa: TC001 - as above
from stored_types import Count, Time, TurnId  # noqa: TC001 - pydantic resolves annotations at run time

Role = Literal["user", "assistant"]
Context = Literal["complete", "stale", "lost"]

# Why a complete answer ended. Any other reason means that it was cut off.
COMPLETE = "stop"

# Stored values use snake_case, the HTTP API camelCase.
CAMEL_CASE = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True)


@dataclass(frozen=True, slots=True)
class Usage:
    """The tokens of one answer, as the model counted them."""

    __pydantic_config__: ClassVar[ConfigDict] = CAMEL_CASE

    input_tokens: Count
    output_tokens: Count


class AnswerRecord(BaseModel):
    """What is stored about an answer besides its text.

    The id of its turn, the model, the tokens used, why the answer ended (see `Answer`), and what it rests on.
    """

    model_config = ConfigDict(frozen=True)

    turn_id: TurnId | None = None
    model: str = ""
    usage: Usage | None = None
    finish_reason: str = COMPLETE
    evidence: Evidence | None = None


class ConversationMessage(BaseModel):
    """One message: who said it, what, and when (UTC). Messages are ordered by position, not by time."""

    model_config = ConfigDict(frozen=True)

    role: Role
    content: str
    timestamp: Time
    record: AnswerRecord | None = None

    @property
    def cut_off(self) -> str | None:
        """Why the answer was cut off; None if it is complete, or not an answer."""
        reason = self.record.finish_reason if self.record else COMPLETE
        return None if reason == COMPLETE else reason

    def cut_short(self, heard: int) -> ConversationMessage:
        """The answer up to its first `heard` characters, marked as interrupted; as it is if that is all."""
        if heard >= len(self.content) or not self.record:
            return self
        record = self.record.model_copy(update={"finish_reason": INTERRUPTED})
        return self.model_copy(update={"content": self.content[:heard], "record": record})


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A question with its answer, which are stored together: the outcome of one turn.

    `tokens` is what the two of them used, including the prompt; `usage` is what the model counted, if it did.
    `number` is the exchange's place in the conversation, from 1, once it is known; `amends` is what the
    question changes about earlier turns.
    """

    turn_id: str
    question: str
    answer: str
    timestamp: datetime
    model: str = ""
    usage: Usage | None = None
    finish_reason: str = COMPLETE
    evidence: Evidence | None = None
    tokens: int = 0
    number: int = 0
    amends: dict[str, int] = field(default_factory=dict)


class Answer(BaseModel):
    """An answer, and where the conversation stands after it. This is what `POST /chat` responds with."""

    model_config = CAMEL_CASE

    response: str
    session_id: str
    turn: Annotated[int, Field(description="The number of this exchange in the conversation, from 1.")]
    expires_at: Annotated[
        datetime | None,
        Field(description="When the conversation expires if nothing more is said; null if it is not stored."),
    ]
    model: str
    usage: Usage | None
    finish_reason: Annotated[
        str,
        Field(
            description="Why the answer ended: `stop` if it is complete. Otherwise it was cut off: because "
            "it became too long (`length`) or took too long (`timeout`), by a content filter "
            "(`content_filter`), or by its visitor (`interrupted`).",
            examples=[COMPLETE],
        ),
    ] = COMPLETE
    verdict: VerdictField = None
    sources: SourcesField = ()
    unsupported: UnsupportedField = ()
    saved: Annotated[
        bool, Field(description="Whether this exchange is stored; if not, the server keeps trying.")
    ]
    context: Annotated[
        Context,
        Field(
            description="Whether the answer took into account all the turns the request said it had seen "
            "(`complete`), some of them (`stale`), or none (`lost`)."
        ),
    ] = "complete"
    repeated: Annotated[
        bool, Field(description="Whether this is the stored answer of a turn that was answered before.")
    ] = False
