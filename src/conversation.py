"""The exchange: read the conversation, answer the question, store both, hand the answer on."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from errors import StorageError, VoiceAgentError
from prompt import Prompt
from responders import Reply, Responder, Usage
from session_id import fingerprint, short_fingerprint

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Coroutine
    from datetime import datetime

    from clock import Clock
    from session_storage import SessionStorage, VoiceSession

# KV takes one write a second to a key; what runs after the response has 30 seconds.
SAVE_RETRY_SECONDS = (1.1, 2.0, 4.0, 8.0)

logger = logging.getLogger("voice_agent.conversation")


@dataclass(frozen=True, slots=True)
class Turn:
    """A question that was answered.

    `turn` is its number in the conversation, `expires_at` when the stored conversation ends if nothing
    more is said (None where nothing is stored), `saved` whether this turn is stored.
    """

    response: str
    session_id: str
    turn: int
    expires_at: datetime | None
    model: str
    usage: Usage | None
    saved: bool


class Background(Protocol):
    """Starts work that goes on when the visitor has gone, and whose errors are logged."""

    def __call__(self, work: Coroutine[None, None, None], /) -> None:
        """Start `work` and return at once."""
        ...


class Conversation:
    """Answers questions, each within the conversation that its session id names."""

    def __init__(
        self,
        *,
        storage: SessionStorage,
        responder: Responder,
        system_prompt: str,
        clock: Clock,
        background: Background,
    ) -> None:
        """Take the collaborators; nothing is read or sent yet."""
        self._storage = storage
        self._responder = responder
        self._system_prompt = system_prompt
        self._clock = clock
        self._background = background

    async def ask(self, session_id: str, question: str, *, streamed: bool) -> AsyncGenerator[str | Turn]:
        """Yield the answer's text, then its `Turn`, once, as the last item.

        With `streamed` the text comes in pieces as they are written. One read and one write. Raises
        `StorageError` where the conversation cannot be read and `ResponderError` where there is no whole
        answer; the stored conversation is then as it was. An answer that cannot be stored comes with
        `saved` false, and storing it is tried again in the background.

        The exchange runs in the background and does not wait for who reads here: if the visitor goes
        away, the answer is stored all the same.
        """
        items: asyncio.Queue[str | Turn | Exception] = asyncio.Queue()
        self._background(self._exchange(session_id, question, items, streamed=streamed))
        while True:
            item = await items.get()
            if isinstance(item, Exception):
                raise item
            yield item
            if isinstance(item, Turn):
                return

    async def _exchange(
        self, session_id: str, question: str, items: asyncio.Queue[str | Turn | Exception], *, streamed: bool
    ) -> None:
        try:
            session = await self._storage.open_session(session_id)
            logger.info("Session %s: %d previous messages", _name(session), len(session.messages))
            reply = await self._answer(session, question, items, streamed=streamed)
            items.put_nowait(await self._save(session, question, reply))
        except Exception as error:  # noqa: BLE001 - it is raised again where the items are read
            _log_failure(session_id, error)
            items.put_nowait(error)

    async def _answer(
        self,
        session: VoiceSession,
        question: str,
        items: asyncio.Queue[str | Turn | Exception],
        *,
        streamed: bool,
    ) -> Reply:
        prompt = Prompt(
            system=self._system_prompt,
            history=session.messages,
            question=question,
            safety_identifier=fingerprint(session.session_id),
        )
        async with aclosing(self._responder.respond(prompt, streamed=streamed)) as answer:
            async for item in answer:
                if isinstance(item, Reply):
                    return item
                items.put_nowait(item)
        raise RuntimeError(f"The responder {self._responder.name} ended without a reply")

    async def _save(self, session: VoiceSession, question: str, reply: Reply) -> Turn:
        try:
            stored = await self._storage.add_exchange(session, question, reply.text)
        except StorageError:
            logger.warning("Session %s: the answer could not be stored, trying again", _name(session))
            self._background(self._save_later(session.session_id, question, reply.text))
            return _turn(session.session_id, reply, session.turn + 1, None)
        logger.info("Saved conversation to session %s", _name(stored))
        return _turn(stored.session_id, reply, stored.turn, stored.expires_at)

    async def _save_later(self, session_id: str, question: str, answer: str) -> None:
        for seconds in SAVE_RETRY_SECONDS:
            await self._clock.sleep(seconds)
            try:
                session = await self._storage.open_session(session_id)
                await self._storage.add_exchange(session, question, answer)
            except StorageError:
                continue
            logger.info("Saved conversation to session %s", short_fingerprint(session_id))
            return
        logger.error("Session %s: an answer was given but could not be stored", short_fingerprint(session_id))


def _turn(session_id: str, reply: Reply, turn: int, expires_at: datetime | None) -> Turn:
    return Turn(
        response=reply.text,
        session_id=session_id,
        turn=turn,
        expires_at=expires_at,
        model=reply.model,
        usage=reply.usage,
        saved=expires_at is not None,
    )


def _name(session: VoiceSession) -> str:
    return short_fingerprint(session.session_id)


def _log_failure(session_id: str, error: Exception) -> None:
    if isinstance(error, VoiceAgentError):
        logger.warning("Session %s: no answer (%s)", short_fingerprint(session_id), error.code)
    else:
        logger.error("Session %s: no answer", short_fingerprint(session_id), exc_info=error)
