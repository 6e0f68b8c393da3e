"""What a conversation is made of: messages and sessions as stored, and the answer a visitor is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - pydantic resolves annotations at run time
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from evidence import Evidence, SourcesField, UnsupportedField, VerdictField  # noqa: TC001 - as above
from stored_types import (
    EARLIER_CHARS,
    MAX_COUNT,
    MAX_EARLIER,
    MAX_MESSAGE_CHARS,
    Count,
    Time,
    TurnId,
    well_formed,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A question with its answer, which are stored together: the outcome of one turn.

    `tokens` is what the two of them used, including the prompt; `usage` is what the model counted, if it did.
    `number` is the exchange's place in the conversation, from 1, once it is known.
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


class VoiceSession(BaseModel):
    """One conversation: `turn` counts its exchanges so far, `messages` holds the last of them in order.

    `tokens` adds up what all exchanges used, and `earlier` has the ends of the turn ids of the last
    exchanges that are no longer kept. `owner` is the known visitor to whom it belongs, if any (see
    `accounts.visitor`). In KV, sessions are stored as JSON without their id, which is the key.
    A stored value of another `version` is not read; fields added after version 1 began have defaults.
    """

    model_config = ConfigDict(frozen=True)

    session_id: str = Field(default="", exclude=True)
    version: Literal[1] = 1
    owner: str | None = None
    created_at: Time
    expires_at: Time
    turn: Count = 0
    tokens: Count = 0
    messages: tuple[ConversationMessage, ...] = ()
    earlier: tuple[str, ...] = ()

    def with_message(self, role: Role, content: str, at: datetime) -> VoiceSession:
        """The session with one more message; an answer completes an exchange."""
        message = ConversationMessage(role=role, content=content, timestamp=at)
        turn = min(self.turn + (role == "assistant"), MAX_COUNT)
        return self.model_copy(update={"messages": (*self.messages, message), "turn": turn})

    def with_exchange(self, exchange: Exchange) -> VoiceSession:
        """The session with one more exchange."""
        record = AnswerRecord(
            turn_id=exchange.turn_id,
            model=exchange.model,
            usage=exchange.usage,
            finish_reason=exchange.finish_reason,
            evidence=exchange.evidence,
        )
        at, text = exchange.timestamp, exchange.answer[:MAX_MESSAGE_CHARS]
        if not text.isascii():
            text = well_formed(text)
        question = ConversationMessage(role="user", content=exchange.question, timestamp=at)
        answer = ConversationMessage(role="assistant", content=text, timestamp=at, record=record)
        added = {
            "messages": (*self.messages, question, answer),
            "turn": min(self.turn + 1, MAX_COUNT),
            "tokens": min(self.tokens + max(exchange.tokens, 0), MAX_COUNT),
        }
        return self.model_copy(update=added)

    def has(self, turn_id: str) -> bool:
        """Whether the session has had this turn, even if it is no longer kept."""
        return turn_id[-EARLIER_CHARS:] in self.earlier or self.find(turn_id) is not None

    def merged(self, exchanges: Iterable[Exchange]) -> VoiceSession:
        """The session with those of `exchanges` added, in order, whose turns it does not have yet."""
        session = self
        for exchange in exchanges:
            if not session.find(exchange.turn_id):
                session = session.with_exchange(exchange)
        return session

    def find(self, turn_id: str) -> Exchange | None:
        """The exchange of this turn; None if there is none, or it is no longer kept."""
        number = self.turn
        for place in range(len(self.messages) - 1, 0, -1):
            answer = self.messages[place]
            if answer.role != "assistant":
                continue
            if answer.record and answer.record.turn_id == turn_id:
                return Exchange(
                    turn_id=turn_id,
                    question=self.messages[place - 1].content,
                    answer=answer.content,
                    timestamp=answer.timestamp,
                    model=answer.record.model,
                    usage=answer.record.usage,
                    finish_reason=answer.record.finish_reason,
                    evidence=answer.record.evidence,
                    number=number,
                )
            number -= 1
        return None

    def trimmed(self, max_messages: int) -> VoiceSession:
        """The session with at most its last `max_messages` messages.

        Whole exchanges are dropped, so that the rest starts with a question: models refuse or misread a
        conversation that starts in the middle of an exchange.
        """
        start = max(0, len(self.messages) - max_messages)
        while start < len(self.messages) and self.messages[start].role != "user":
            start += 1
        if not start:
            return self
        records = (message.record for message in self.messages[:start])
        dropped = (record.turn_id[-EARLIER_CHARS:] for record in records if record and record.turn_id)
        earlier = (*self.earlier, *dropped)[-MAX_EARLIER:]
        return self.model_copy(update={"messages": self.messages[start:], "earlier": earlier})

    def whole_exchanges(self) -> VoiceSession:
        """The session without a last question that has no answer."""
        if self.messages and self.messages[-1].role == "user":
            return self.model_copy(update={"messages": self.messages[:-1]})
        return self

    def restarted(self, at: datetime) -> VoiceSession:
        """A session that begins at `at` with the last exchange of this one."""
        last = self.trimmed(2).messages
        answers = sum(message.role == "assistant" for message in last)
        begun = {"created_at": at, "turn": answers, "tokens": 0, "messages": last, "earlier": ()}
        return self.model_copy(update=begun)


class ClosedSession(BaseModel):
    """What is stored in place of a conversation its visitor closed: nothing of what was said."""

    model_config = ConfigDict(frozen=True)

    version: Literal[1] = 1
    closed_at: datetime


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
            "it became too long (`length`) or took too long (`timeout`), or by a content filter "
            "(`content_filter`).",
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
