"""The entry point to a session: open a turn of it, read it, close it.

The store may forget, lag or refuse a write, and several turns of one session may run at once. Callers see
none of that: `live` is what this isolate remembers, `closing` what keeps a closed session closed.
"""

from __future__ import annotations

import logging
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from errors import SessionClosed, StorageError, TurnConflict, TurnReplaced
from sessions.closing import Closing
from sessions.late_saves import LateSaves
from sessions.limits import REREAD_SECONDS, SessionLimits
from sessions.live import LiveSessions, check_owner
from sessions.retrying import write_later
from settings import Settings
from stores.session_store import Saved

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable
    from datetime import datetime

    from amendments import Amendments
    from clock import Clock
    from models import Context, Exchange
    from sessions.live import Background, LiveSession, Stop
    from stores.session_store import SessionStorage
    from voice_session import VoiceSession

    Save = Callable[[LiveSession, Exchange], Awaitable[Saved | None]]

logger = logging.getLogger("voice_agent.sessions")


class Turn:
    """One question being answered, from reading the conversation to saving the exchange.

    `history` holds the messages so far and `tokens` what they used. `context` says whether the history has
    all the turns the visitor has seen (`complete`), some of them (`stale`) or none (`lost`). `answered` is
    the exchange already stored for this turn, if the same question came before. `number` is the turn's number
    in the conversation, and `expires_at` when that ends; None while the exchange is not stored.
    """

    def __init__(
        self,
        live: LiveSession,
        session: VoiceSession,
        turn_id: str,
        *,
        complete: bool,
        started_at: datetime,
        save: Save,
    ) -> None:
        self.started_at = started_at
        self.history = session.messages
        self.tokens = session.tokens
        self.context: Context = "complete" if complete else "stale" if session.turn else "lost"
        unsaved = live.find_unsaved(turn_id) if live.unsaved else None
        self.answered = unsaved or session.find(turn_id)
        self.number = self.answered.number if self.answered else session.turn + 1
        self.expires_at = session.expires_at if self.answered and not unsaved else None
        self.kept = 0
        self._turn_id = turn_id
        self._live = live
        self._save = save

    async def save(self, exchange: Exchange) -> None:
        """Store it in one write, or else later, unless the session was closed. Raises `TurnReplaced`."""
        if self._live.closed:
            return
        if self._live.amends:
            if self._live.is_replaced(self._turn_id):
                raise TurnReplaced
            exchange = replace(exchange, amends=self._live.amends)
        if saved := await self._save(self._live, exchange):
            self.number, self.expires_at, self.kept = saved.number, saved.expires_at, saved.kept
        elif unsaved := self._live.find_unsaved(self._turn_id):
            self.number = unsaved.number


class Sessions:
    """All sessions, as one isolate sees them, in a store that may lag behind.

    Exchanges are kept in the order in which their answers ended. One that cannot be written at once goes with
    the isolate's next one, or follows a little later. `ConsistentSessions` is for stores that do not lag.
    """

    def __init__(
        self,
        storage: SessionStorage,
        clock: Clock,
        background: Background,
        settings: Settings | None = None,
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._live = LiveSessions(clock, background, SessionLimits.of(settings or Settings()))
        # Closes what is being worked on of a known visitor.
        self.close_all_of = self._live.close_all_of
        # The session with this id, if it is being worked on.
        self.peek = self._live.peek
        self._closing = Closing(storage, clock, self._live)
        self._late_saves = LateSaves(storage, clock, self._live)

    def __len__(self) -> int:
        """How many sessions are being worked on."""
        return len(self._live)

    @asynccontextmanager
    async def turn(
        self,
        session_id: str,
        turn_id: str,
        seen: int = 0,
        last_turn_id: str | None = None,
        *,
        owner: str | None = None,
        amends: Amendments | None = None,
        stop: Stop | None = None,
    ) -> AsyncIterator[Turn]:
        """Open a turn of the session; a session that does not exist yet starts empty. One read.

        `seen` is how many turns of the session the visitor has seen, and `last_turn_id` the id of the last of
        them: a store that shows fewer, or not that one, is read again for a short while. `owner` is the key
        of a known visitor, who becomes the owner of a conversation that has none. `amends` is what the
        question changes about earlier turns; `stop` is called if a later one replaces this turn. Raises
        `SessionClosed`, `ConversationOfAnother`, `StorageError`, `TurnReplaced`, and `TurnConflict` while the
        same turn is being answered.
        """
        now = self._clock.now()
        with self._live.hold(session_id, now) as live:
            if live.closed:
                raise SessionClosed
            with live.turn(turn_id, now, stop):
                session, complete = await self._read(live, now, seen, last_turn_id)
                if owner or session.owner or live.owner:
                    live.claim(session.owner, owner)
                if session.amended and session.is_replaced(turn_id):
                    raise TurnReplaced
                if amends:
                    session = self._amend(live, amends)
                save = self._save
                yield Turn(live, session, turn_id, complete=complete, started_at=now, save=save)

    def refuse_if_answering(self, session_id: str, turn_id: str) -> None:
        """Raise `TurnConflict` while the turn is being answered, as `turn` does. Nothing is read."""
        live = self.peek(session_id)
        if live and live.is_answering(turn_id, self._clock.now()):
            raise TurnConflict(retry_after=1)

    async def find(self, session_id: str, owner: str | None = None) -> VoiceSession | None:
        """The session, unsaved exchanges included; None if there is none.

        Raises `StorageError`, and `ConversationOfAnother` if it belongs to a known visitor other than
        `owner`.
        """
        session = await self._storage.get_session(session_id)
        live = self._live.peek(session_id)
        check_owner(owner, session.owner if session else None, live.owner if live else None)
        if live is None:
            return session and session.whole_exchanges()
        if live.closed:
            return None
        if session:
            return self._newest(live, session)
        return live.newest() if live.unsaved else None

    async def close(self, session_id: str, owner: str | None = None) -> None:
        """Forget the conversation, and keep turns that are still running from bringing it back.

        Raises `ConversationOfAnother` if it belongs to a known visitor other than `owner`, and
        `StorageError` if the store refuses; closing is then retried in the background.
        """
        with self._live.hold(session_id, self._clock.now()) as live:
            check_owner(owner, live.owner)
            await self._closing.close(live)

    def _amend(self, live: LiveSession, amends: Amendments) -> VoiceSession:
        """The newest state as the question has changed it, which outlasts what other isolates save."""
        self._late_saves.outlast(live, amends)
        return live.amend(amends)

    def _newest(self, live: LiveSession, session: VoiceSession) -> VoiceSession:
        """The newest state of a session that has just been read."""
        return live.read(session, self._clock.now())

    async def _read(
        self, live: LiveSession, now: datetime, seen: int = 0, last_turn_id: str | None = None
    ) -> tuple[VoiceSession, bool]:
        """The newest state, and whether it has the turns that were seen; reads again for a while if not."""
        expected = seen > 0 or last_turn_id is not None
        for seconds in (*REREAD_SECONDS, None):
            session = await self._storage.open_session(live.session_id, expected=expected)
            if live.closed:
                raise SessionClosed
            session = live.read(session, now)
            complete = session.turn >= seen and (last_turn_id is None or session.has(last_turn_id))
            if not complete and session.amended:
                complete = session.has_had(seen, last_turn_id)
            if complete or seconds is None:
                break
            await self._clock.sleep(seconds)
        return session, complete

    async def _save(self, live: LiveSession, exchange: Exchange) -> Saved | None:
        """Write the exchange with whatever else is unsaved, or leave that to the background."""
        live.unsaved += (exchange,)
        with live.write(exchange.timestamp) as session:
            stored = await self._write(live, session) if session else None
        if stored:
            return Saved(stored.turn, stored.expires_at, len(stored.messages))
        if not live.closed:
            self._save_later(live)
        return None

    def _save_later(self, live: LiveSession) -> None:
        logger.warning("Session %s: the answer could not be stored yet, retrying", live.name)
        self._live.in_background(live, write_later(live, self._clock, self._write_again))

    async def _write(self, live: LiveSession, session: VoiceSession) -> VoiceSession | None:
        """Write the session with everything unsaved; returns it as stored, or None if it was not."""
        exchanges = live.unsaved
        try:
            stored = await self._storage.save_session(session)
        except StorageError:
            return None
        if live.closed:  # the write may have replaced the note that says so
            self._closing.keep_closed(live)
            return None
        live.written(stored, exchanges)
        return stored

    async def _write_again(self, live: LiveSession) -> None:
        """Read first, so that the write comes after what other isolates have stored meanwhile."""
        now = self._clock.now()
        with live.write(now) as session:
            if not session:
                return
            try:
                await self._read(live, now)
                await self._write(live, live.newest())
            except SessionClosed:
                live.close()
            except StorageError:
                return
