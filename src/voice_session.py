"""A conversation as it is stored."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic resolves annotations at run time
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from amendments import REPLACED, amended
from models import AnswerRecord, ConversationMessage, Exchange
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

    from models import Role


class VoiceSession(BaseModel):
    """One conversation: `turn` counts its exchanges so far, `messages` holds the last of them in order.

    `tokens` adds up what all exchanges used, and `earlier` has the ends of the turn ids of the last
    exchanges that are no longer kept. `amended` is what later questions have changed (see `amendments`), and
    `owner` the known visitor to whom it belongs, if any (see `accounts.visitor`). In KV, sessions are stored
    as JSON without their id, which is the key. A stored value of another `version` is not read; fields added
    after version 1 began have defaults.
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
    amended: dict[TurnId, Annotated[int, Field(ge=REPLACED, le=MAX_MESSAGE_CHARS)]] = {}

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
        """Whether the session has had this turn, even if it is no longer kept or was replaced."""
        known = turn_id[-EARLIER_CHARS:] in self.earlier or self.is_replaced(turn_id)
        return known or self.find(turn_id) is not None

    def is_replaced(self, turn_id: str) -> bool:
        """Whether a later turn has replaced this one."""
        return self.amended.get(turn_id) == REPLACED

    def has_had(self, turns: int, last_turn_id: str | None) -> bool:
        """Whether the session has had so many turns, replaced ones included, and this one if it is given."""
        replaced = list(self.amended.values()).count(REPLACED)
        return self.turn + replaced >= turns and (last_turn_id is None or self.has(last_turn_id))

    def merged(self, exchanges: Iterable[Exchange]) -> VoiceSession:
        """The session with those of `exchanges` added, in order, whose turns it does not have yet.

        What they amend is changed. One that has been replaced is not added.
        """
        session = self
        for exchange in exchanges:
            if not session.find(exchange.turn_id):
                session = session.with_exchange(exchange)
                if exchange.amends or session.amended:
                    session = amended(session, exchange.amends)
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
