"""The exchange: read the conversation, answer the question, store both."""

from __future__ import annotations

import asyncio
import logging
import unicodedata
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from amendments import INTERRUPTED
from channel import AnswerStream
from clock import MILLISECOND
from errors import SessionBudgetSpent, TurnConflict, VoiceAgentError
from evidence import NO_EVIDENCE
from knowledge.retrieval import BYTES_PER_TOKEN, NO_KNOWLEDGE
from models import COMPLETE, Answer, Exchange
from prompt import Prompt, name_of_visitor, time_section, with_interruptions
from session_id import fingerprint, generate_turn_id, short_fingerprint
from visible_text import visible

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from accounts.visitor import Visitor
    from amendments import Amendments
    from clock import Clock
    from knowledge.retrieval import Knowledge
    from local_time import LocalTime
    from responders.responder import Reply, Responder
    from sessions import Background, Sessions, Turn

    Respond = Callable[[Prompt], Awaitable[Reply]]

logger = logging.getLogger("voice_agent.conversation")


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it came in, its text cleaned.

    The same `turn_id` again is the same turn: it gets the stored answer. `seen` is how many turns of the
    session the visitor has seen, and `last_turn_id` the id of the last of them; 0 and None if that is
    unknown. `visitor` is who asks, if the website has said so; `amends` is what the question changes about
    earlier turns. `on_step` is called with the name of each finished step: `read`, `answer`, `write`.
    """

    session_id: str
    text: str
    turn_id: str = field(default_factory=generate_turn_id)
    seen: int = 0
    last_turn_id: str | None = None
    visitor: Visitor | None = None
    amends: Amendments = field(default_factory=dict)
    on_step: Callable[[str], None] = lambda _step: None


class Conversation:
    """Answers questions, each within the conversation of its session.

    An exchange takes one read and one write of the store. It runs in the background and does not wait for its
    reader, so that the answer is stored even if the visitor leaves.
    """

    def __init__(
        self,
        *,
        sessions: Sessions,
        responder: Responder,
        system_prompt: str,
        clock: Clock,
        background: Background,
        max_tokens: int = 0,
        knowledge: Knowledge = NO_KNOWLEDGE,
        contact: str = "",
        local_time: LocalTime | None = None,
    ) -> None:
        """Take the collaborators; a session may use up to `max_tokens`, or any number if it is 0.

        `knowledge` adds to the system prompt what goes with a question only; `contact` is what it says of the
        owner.
        """
        self._sessions = sessions
        self._responder = responder
        self._system_prompt, self._cache_key = system_prompt, fingerprint(system_prompt)
        self._system_bytes = len(system_prompt.encode())
        self._clock, self._background = clock, background
        self._max_tokens = max_tokens
        self._knowledge, self._whole = knowledge, knowledge.whole
        self._contact, self._local_time = contact, local_time

    async def answer(self, question: Question) -> Answer:
        """Answer in one piece.

        Raises `StorageError` if the conversation cannot be read, `SessionClosed`, `ConversationOfAnother`,
        `SessionBudgetSpent`, `TurnConflict`, `TurnReplaced`, and `ResponderError` if there is no complete
        answer; the stored conversation is then as it was. An answer that cannot be stored has `saved` false,
        and storing it is retried in the background.
        """
        answer: asyncio.Future[Answer] = asyncio.Future()
        respond = self._responder.answer
        self._background(self._run(question, respond, answer.set_result, answer.set_exception))
        return await answer

    async def stream(self, question: Question) -> AnswerStream:
        """Answer piece by piece. Returns with the first piece; until then it raises what `answer` raises."""
        stream = AnswerStream()
        respond = partial(self._responder.stream, write=stream.put)
        self._background(self._run(question, respond, stream.finish, stream.close, stream.stop))
        await stream.wait()
        return stream

    async def _run(
        self,
        question: Question,
        respond: Respond,
        finish: Callable[[Answer], None],
        fail: Callable[[Exception], None],
        stop: Callable[[Exception], None] | None = None,
    ) -> None:
        try:
            answer = await self._exchange(question, respond, stop)
        except Exception as error:  # noqa: BLE001 - raised again where the answer is awaited
            _log_failure(question, error)
            settle = partial(fail, error)
        else:
            settle = partial(finish, answer)
        with suppress(asyncio.InvalidStateError):  # whoever awaited the answer was cancelled
            settle()

    async def _exchange(
        self, question: Question, respond: Respond, stop: Callable[[Exception], None] | None
    ) -> Answer:
        async with self._sessions.turn(
            question.session_id,
            question.turn_id,
            question.seen,
            question.last_turn_id,
            owner=question.visitor.owner if question.visitor else None,
            amends=question.amends,
            stop=stop,
        ) as turn:
            question.on_step("read")
            if turn.answered:
                return _repeated(question, turn, turn.answered)
            if self._max_tokens and turn.tokens >= self._max_tokens:
                raise SessionBudgetSpent
            exchange = await self._ask(question, turn, respond)
            question.on_step("answer")
            await turn.save(exchange)
            question.on_step("write")
            self._log(question, turn, exchange)
            return _answer(question, turn, exchange)

    def _log(self, question: Question, turn: Turn, exchange: Exchange) -> None:
        """One line per exchange: each line costs CPU at the edge (docs/performance.md)."""
        evidence = exchange.evidence or NO_EVIDENCE
        trimmed = f", trimmed to last {turn.kept} messages" if 0 < turn.kept < 2 * turn.number else ""
        logger.info(
            "Session %s: %d previous messages, %s%s, answered in %d ms with %d tokens%s%s%s",
            short_fingerprint(question.session_id),
            len(turn.history),
            "saved" if turn.expires_at else "not saved yet",
            trimmed,
            (exchange.timestamp - turn.started_at) / MILLISECOND,
            exchange.tokens,
            "" if exchange.finish_reason == COMPLETE else f", cut off ({exchange.finish_reason})",
            "" if evidence.verdict != "unknown" else ", not in the knowledge",
            f", {len(evidence.unsupported)} unsupported" if evidence.unsupported else "",
        )

    async def _ask(self, question: Question, turn: Turn, respond: Respond) -> Exchange:
        sent = self._whole or await self._knowledge.find(question.text, turn.history)
        now = self._local_time(self._clock.now()) if self._local_time else None
        context = (time_section(now) if now else "") + self._contact
        if question.visitor and question.visitor.name:
            context += name_of_visitor(question.visitor.name)
        history = turn.history
        if any(each.record and each.record.finish_reason == INTERRUPTED for each in history):
            history = with_interruptions(history)
        prompt = Prompt(
            system=self._system_prompt + sent.text + context,
            history=history,
            question=question.text,
            safety_identifier=fingerprint(question.session_id),
            passages=sent.passages,
            unchanging=len(self._system_prompt),
            cache_key=self._cache_key,
            context=context,
            now=now,
        )
        reply = await respond(prompt)
        used = reply.usage
        return Exchange(
            turn_id=question.turn_id,
            question=question.text,
            answer=reply.text,
            timestamp=self._clock.now(),
            model=reply.model,
            usage=used,
            finish_reason=reply.finish_reason,
            evidence=None if reply.evidence == NO_EVIDENCE else reply.evidence,
            tokens=used.input_tokens + used.output_tokens if used else self._estimate_tokens(prompt, reply),
        )

    def _estimate_tokens(self, prompt: Prompt, reply: Reply) -> int:
        texts = (*(message.content for message in prompt.history), prompt.question, reply.text)
        return (self._system_bytes + len("".join(texts).encode())) // BYTES_PER_TOKEN


def clean_text(text: str) -> str:
    """`text` without control characters and invisible ones, and with white space collapsed.

    Either could hide instructions from whoever reads the conversation. What `visible` keeps of them is kept,
    because emoji and several scripts need it. So are unassigned code points, which may be emoji newer than
    this Python's Unicode.
    """
    if text.isascii() and text.isprintable():  # the usual case, with nothing to remove
        return " ".join(text.split())
    shown = visible(unicodedata.normalize("NFC", text))
    # What was removed may have stood between a letter and its accent.
    return unicodedata.normalize("NFC", " ".join(shown.split()))


def _repeated(question: Question, turn: Turn, exchange: Exchange) -> Answer:
    if exchange.question != question.text:
        raise TurnConflict("This turn ID has already been used for another question.", code="turn_id_reused")
    return _answer(question, turn, exchange, repeated=True)


def _answer(question: Question, turn: Turn, exchange: Exchange, *, repeated: bool = False) -> Answer:
    evidence = exchange.evidence or NO_EVIDENCE
    return Answer(
        response=exchange.answer,
        session_id=question.session_id,
        turn=turn.number,
        expires_at=turn.expires_at,
        model=exchange.model,
        usage=exchange.usage,
        finish_reason=exchange.finish_reason,
        verdict=evidence.verdict,
        sources=evidence.sources,
        unsupported=evidence.unsupported,
        saved=turn.expires_at is not None,
        context=turn.context,
        repeated=repeated,
    )


def _log_failure(question: Question, error: Exception) -> None:
    name = short_fingerprint(question.session_id)
    if isinstance(error, VoiceAgentError):
        logger.warning("Session %s: no answer (%s)", name, error.code)
    else:
        logger.error("Session %s: no answer", name, exc_info=error)
