"""What a conversation is made of, in the form in which it is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - pydantic reads it at run time
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from responders.responder import Usage  # noqa: TC001 - pydantic reads it at run time

Role = Literal["user", "assistant"]


class AnswerRecord(BaseModel):
    """How an answer came about: the turn id, if its visitor gave one, what wrote it, and what it took."""

    model_config = ConfigDict(frozen=True)

    turn_id: str | None = None
    model: str = ""
    usage: Usage | None = None


class ConversationMessage(BaseModel):
    """One message: who said it, what, and when (UTC). Its place in the list is its order."""

    model_config = ConfigDict(frozen=True)

    role: Role
    content: str
    timestamp: datetime
    record: AnswerRecord | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer, which enter a conversation together, and the tokens that both took."""

    question: ConversationMessage
    answer: ConversationMessage
    tokens: int = 0

    @classmethod
    def at(
        cls,
        moment: datetime,
        question: str,
        answer: str,
        *,
        tokens: int = 0,
        record: AnswerRecord | None = None,
    ) -> Exchange:
        """The exchange of these two texts at `moment`."""
        return cls(
            ConversationMessage(role="user", content=question, timestamp=moment),
            ConversationMessage(role="assistant", content=answer, timestamp=moment, record=record),
            tokens,
        )


@dataclass(frozen=True, slots=True)
class NumberedExchange:
    """An exchange that stands in a conversation, with its number there, from 1."""

    number: int
    question: ConversationMessage
    answer: ConversationMessage


class VoiceSession(BaseModel):
    """One conversation. `turn` counts all exchanges so far, `messages` are the last of them, in order.

    `tokens` is what all exchanges so far took. Stored as JSON without its id, which is the key. A stored
    value of another `version` is not read; fields that came later than others have defaults.
    """

    model_config = ConfigDict(frozen=True)

    session_id: str = Field(default="", exclude=True)
    version: Literal[1] = 1
    created_at: datetime
    expires_at: datetime
    turn: int = Field(default=0, ge=0)
    tokens: int = Field(default=0, ge=0)
    messages: tuple[ConversationMessage, ...] = ()

    def with_message(self, role: Role, content: str, at: datetime) -> VoiceSession:
        """The session with one more message; an answer completes a turn."""
        message = ConversationMessage(role=role, content=content, timestamp=at)
        turn = self.turn + (role == "assistant")
        return self.model_copy(update={"messages": (*self.messages, message), "turn": turn})

    def with_exchange(self, exchange: Exchange) -> VoiceSession:
        """The session with one more exchange."""
        added = {
            "messages": (*self.messages, exchange.question, exchange.answer),
            "turn": self.turn + 1,
            "tokens": self.tokens + exchange.tokens,
        }
        return self.model_copy(update=added)

    def holds(self, exchange: Exchange) -> bool:
        """Whether `exchange` is among the messages that are kept."""
        wanted = exchange.answer
        # Times first: pydantic compares two messages field by field, at forty times the cost.
        return any(m.timestamp == wanted.timestamp and m == wanted for m in self.messages)

    def find(self, turn_id: str) -> NumberedExchange | None:
        """The exchange that was stored with this turn id; None where there is none, or none any more."""
        number = self.turn
        for place in range(len(self.messages) - 1, 0, -1):
            answer = self.messages[place]
            if answer.role != "assistant":
                continue
            if answer.record and answer.record.turn_id == turn_id:
                return NumberedExchange(number, self.messages[place - 1], answer)
            number -= 1
        return None

    def trimmed(self, most: int) -> VoiceSession:
        """The session with its last `most` messages at most.

        Whole exchanges are dropped, so that what is left starts with a question: a model refuses or
        misreads a conversation that starts in the middle of one.
        """
        start = max(0, len(self.messages) - most)
        while start < len(self.messages) and self.messages[start].role != "user":
            start += 1
        return self.model_copy(update={"messages": self.messages[start:]}) if start else self

    def restarted(self, at: datetime) -> VoiceSession:
        """The session as if it began at `at` with its last exchange, and nothing had been before."""
        last = self.trimmed(2).messages
        answers = sum(message.role == "assistant" for message in last)
        return self.model_copy(update={"created_at": at, "turn": answers, "tokens": 0, "messages": last})


class Tombstone(BaseModel):
    """What stands in the place of a conversation that its visitor closed: nothing of what was said."""

    model_config = ConfigDict(frozen=True)

    version: Literal[1] = 1
    closed_at: datetime
