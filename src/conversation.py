"""The exchange: read the conversation, answer the question, store both, hand the answer on."""

from __future__ import annotations

import logging
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from errors import SessionBudgetSpent, TurnConflict, VoiceAgentError
from models import AnswerRecord, Exchange
from prompt import Prompt
from relay import Relay
from responders.responder import Reply, Responder, Usage
from server_timing import Stopwatch
from session_id import fingerprint, generate_turn_id, short_fingerprint
from sessions.keeper import Background, SessionKeeper

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from datetime import datetime

    from clock import Clock
    from models import NumberedExchange, VoiceSession
    from session_storage import SessionStorage
    from sessions.live import LiveSession

Context = Literal["complete", "stale", "lost"]

# Where nobody counts tokens: four bytes each, which is about right for English and errs upwards elsewhere.
BYTES_PER_TOKEN = 4

logger = logging.getLogger("voice_agent.conversation")


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that was answered.

    `turn` is its number in the conversation, `expires_at` when the stored conversation ends if nothing
    more is said (None where nothing is stored), `saved` whether this turn is stored. `context` says whether
    the answer was given with all turns that the visitor has seen (`complete`), some of them (`stale`) or
    none (`lost`); `repeated` that this turn had been answered before.
    """

    response: str
    session_id: str
    turn: int
    expires_at: datetime | None
    model: str
    usage: Usage | None
    saved: bool
    context: Context = "complete"
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class _Asked:
    session_id: str
    question: str
    streamed: bool
    turn_id: str
    turns: int
    watch: Stopwatch


Items: TypeAlias = Relay[str | Turn | Exception]


class Conversation:
    """Answers questions, each within the conversation that its session id names."""

    def __init__(  # noqa: PLR0913 - collaborators, by name
        self,
        *,
        storage: SessionStorage,
        responder: Responder,
        system_prompt: str,
        clock: Clock,
        background: Background,
        max_tokens: int = 0,
    ) -> None:
        """Take the collaborators; nothing is read or sent yet. A session may take `max_tokens`; 0: any."""
        self._responder = responder
        self._system_prompt = system_prompt
        self._clock = clock
        self._background = background
        self._max_tokens = max_tokens
        self.keeper = SessionKeeper(storage, clock, background)

    async def ask(  # noqa: PLR0913 - what one request brings, by name
        self,
        session_id: str,
        question: str,
        *,
        streamed: bool,
        turn_id: str | None = None,
        turns: int = 0,
        watch: Stopwatch | None = None,
    ) -> AsyncGenerator[str | Turn]:
        """Yield the answer's `Turn`, once, as the last item.

        With `streamed` its text comes before, in pieces as they are written. The same `turn_id` again is the
        same turn: it gets the stored answer. `turns` is how many turns of this session the visitor has seen,
        0 where that is not known. `watch` notes how long reading, answering and writing took.

        One read and one write. Raises `StorageError` where the conversation cannot be read, `SessionClosed`,
        `SessionBudgetSpent`, `TurnConflict`, and `ResponderError` where there is no whole answer; the stored
        conversation is then as it was. An answer that cannot be stored comes with `saved` false, and storing
        it is tried again in the background.

        The exchange runs in the background and does not wait for who reads here: if the visitor goes
        away, the answer is stored all the same.
        """
        watch = watch or Stopwatch(self._clock)
        asked = _Asked(session_id, question, streamed, turn_id or generate_turn_id(), turns, watch)
        items: Items = Relay()
        self._background(self._run(asked, items))
        while True:
            for item in await items.take():
                if isinstance(item, Exception):
                    raise item
                yield item
                if isinstance(item, Turn):
                    return

    async def _run(self, asked: _Asked, items: Items) -> None:
        try:
            with self.keeper.turn(asked.session_id, asked.turn_id) as live:
                items.put(await self._exchange(live, asked, items))
        except Exception as error:  # noqa: BLE001 - it is raised again where the items are read
            _log_failure(asked.session_id, error)
            items.put(error)

    async def _exchange(self, live: LiveSession, asked: _Asked, items: Items) -> Turn:
        session = await self.keeper.open(live, asked.turns)
        asked.watch.lap("read")
        logger.info("Session %s: %d previous messages", _name(session), len(session.messages))
        if known := session.find(asked.turn_id):
            turn = _repeated(session, known, asked, saved=not live.is_unsaved(known.answer))
            if asked.streamed:
                items.put(turn.response)
            return turn
        if self._max_tokens and session.tokens >= self._max_tokens:
            raise SessionBudgetSpent
        prompt = Prompt(
            system=self._system_prompt,
            history=session.messages,
            question=asked.question,
            safety_identifier=fingerprint(session.session_id),
        )
        reply = await self._answer(prompt, items, asked)
        return await self._save(live, session, asked, reply, _tokens(prompt, reply))

    async def _answer(self, prompt: Prompt, items: Items, asked: _Asked) -> Reply:
        # A stream tells its times with its first piece, JSON with the whole answer.
        part = "first" if asked.streamed else "answer"
        async with aclosing(self._responder.respond(prompt, streamed=asked.streamed)) as answer:
            async for item in answer:
                asked.watch.lap(part)
                if isinstance(item, Reply):
                    return item
                if asked.streamed:
                    items.put(item)
        raise RuntimeError(f"The responder {self._responder.name} ended without a reply")

    async def _save(
        self, live: LiveSession, session: VoiceSession, asked: _Asked, reply: Reply, tokens: int
    ) -> Turn:
        record = AnswerRecord(turn_id=asked.turn_id, model=reply.model, usage=reply.usage)
        now = self._clock.now()
        exchange = Exchange.at(now, asked.question, reply.text, tokens=tokens, record=record)
        saved = await self.keeper.save(live, session, exchange)
        if not asked.streamed:
            asked.watch.lap("write")
        return Turn(
            response=reply.text,
            session_id=asked.session_id,
            turn=saved.number,
            expires_at=saved.expires_at,
            model=reply.model,
            usage=reply.usage,
            saved=saved.expires_at is not None,
            context=_context(session, asked.turns),
        )


def _repeated(session: VoiceSession, known: NumberedExchange, asked: _Asked, *, saved: bool) -> Turn:
    if known.question.content != asked.question:
        raise TurnConflict("This turn ID was used for another question.", code="turn_id_reused")
    record = known.answer.record or AnswerRecord()
    return Turn(
        response=known.answer.content,
        session_id=session.session_id,
        turn=known.number,
        expires_at=session.expires_at if saved else None,
        model=record.model,
        usage=record.usage,
        saved=saved,
        context=_context(session, asked.turns),
        repeated=True,
    )


def _context(session: VoiceSession, turns: int) -> Context:
    if session.turn >= turns:
        return "complete"
    return "stale" if session.turn else "lost"


def _tokens(prompt: Prompt, reply: Reply) -> int:
    if reply.usage:
        return reply.usage.input_tokens + reply.usage.output_tokens
    said = (message.content for message in prompt.history)
    return len("".join((prompt.system, *said, prompt.question, reply.text)).encode()) // BYTES_PER_TOKEN


def _name(session: VoiceSession) -> str:
    return short_fingerprint(session.session_id)


def _log_failure(session_id: str, error: Exception) -> None:
    if isinstance(error, VoiceAgentError):
        logger.warning("Session %s: no answer (%s)", short_fingerprint(session_id), error.code)
    else:
        logger.error("Session %s: no answer", short_fingerprint(session_id), exc_info=error)
