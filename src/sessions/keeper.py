"""Reads, writes and closes sessions for turns that may run at once; the store may forget, lag or refuse."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, Protocol

from errors import SessionClosed, StorageError
from session_id import short_fingerprint
from sessions.live import LiveSession, LiveSessions

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from datetime import datetime

    from clock import Clock
    from models import Exchange, VoiceSession
    from session_storage import SessionStorage

# KV takes one write a second to a key; what runs after the response has 30 seconds.
SAVE_RETRY_SECONDS = (1.1, 2.0, 4.0, 8.0)
# A turn in another isolate that began before the close may end, and save, for as long as that.
CLOSE_CHECK_SECONDS = (1.1, 2.0, 4.0, 8.0, 13.0)
# A visitor waits for the answer meanwhile: a second look after 0.3 s and a third after 0.7 s.
REREAD_SECONDS = (0.3, 0.4)

logger = logging.getLogger("voice_agent.sessions")


class Background(Protocol):
    """Starts work that goes on when the visitor has gone, and whose errors are logged."""

    def __call__(self, work: Coroutine[None, None, None], /) -> None:
        """Start `work` and return at once."""
        ...


class Saved(NamedTuple):
    """The number of an exchange in its conversation, and when that ends; None where it is not stored yet."""

    number: int
    expires_at: datetime | None


class SessionKeeper:
    """Keeps each session whole while several turns of it run, and closed once it is closed.

    Exchanges are kept in the order in which their answers ended. What cannot be written at once is written
    with the next exchange of this isolate, or by itself a little later.
    """

    def __init__(self, storage: SessionStorage, clock: Clock, background: Background) -> None:
        """Take the collaborators; hold no session."""
        self._storage = storage
        self._clock = clock
        self._background = background
        self.live = LiveSessions(clock)

    async def open(self, live: LiveSession, turns: int) -> VoiceSession:
        """The session as it is now, or a new one.

        A store that shows fewer than `turns` turns, which the visitor has seen, is asked again for a short
        while. Raises `StorageError` and `SessionClosed`.
        """
        session = await self._read(live)
        for seconds in REREAD_SECONDS:
            if session.turn >= turns:
                break
            await self._clock.sleep(seconds)
            session = await self._read(live)
        return session

    async def find(self, session_id: str) -> VoiceSession | None:
        """The session with what is not written yet, or None where there is none. Raises `StorageError`."""
        session = await self._storage.get_session(session_id)
        live = self.live.peek(session_id)
        if live is None:
            return session
        if live.closed:
            return None
        if session:
            return live.read(session, self._clock.now())
        return live.to_write()[0] if live.unsaved else None

    async def save(self, live: LiveSession, session: VoiceSession, exchange: Exchange) -> Saved:
        """Store `exchange`, which was answered as the next of `session`, in one write.

        Where that fails, it is tried again in the background. Nothing is stored in a session that was
        closed meanwhile.
        """
        if live.closed:
            return Saved(session.turn + 1, None)
        number = live.add(exchange)
        stored = await self._write(live) if live.begin_write(self._clock.now()) else None
        if stored:
            logger.info("Saved conversation to session %s", _name(live))
            return Saved(stored.turn, stored.expires_at)
        if not live.closed:
            logger.warning("Session %s: the answer could not be stored, trying again", _name(live))
            self._in_background(live, self._save_later)
        return Saved(number, None)

    async def close(self, session_id: str) -> None:
        """Forget the session, and see to it that no turn that is under way brings it back.

        Where its end cannot be written at once, it is deleted at once and its end written a little later.
        Raises `StorageError` where neither can be done; it is tried again in the background.
        """
        live = self.live.hold(session_id)
        try:
            if not live.forgotten:
                live.close()
                await self._forget(live)
        finally:
            self.live.release(live)

    @contextmanager
    def turn(self, session_id: str, turn_id: str) -> Iterator[LiveSession]:
        """Hold the session for one turn. Raises `SessionClosed` and, for a turn under way, `TurnConflict`."""
        live = self.live.hold(session_id)
        try:
            if live.closed:
                raise SessionClosed
            live.begin_turn(turn_id, self._clock.now())
            try:
                yield live
            finally:
                live.end_turn(turn_id)
        finally:
            self.live.release(live)

    async def _read(self, live: LiveSession) -> VoiceSession:
        session = await self._storage.open_session(live.session_id)
        if live.closed:
            raise SessionClosed
        return live.read(session, self._clock.now())

    async def _write(self, live: LiveSession) -> VoiceSession | None:
        """Write all that is unsaved, in a write that was claimed; None where nothing was stored."""
        session, exchanges = live.to_write()
        try:
            stored = await self._storage.save_session(session)
        except StorageError:
            return None
        finally:
            live.end_write()
        if live.closed:  # it may have been written over its end
            self._in_background(live, self._stay_closed)
            return None
        live.written(stored, exchanges)
        return stored

    async def _save_later(self, live: LiveSession) -> None:
        """Try again until nothing is unsaved: each request sees to it, as each has 30 seconds of its own."""
        for seconds in SAVE_RETRY_SECONDS:
            await self._clock.sleep(seconds)
            if live.unsaved and live.begin_write(self._clock.now()):
                await self._write_after_reading(live)
            if not live.unsaved:
                return
        logger.error("Session %s: an answer was given but could not be stored", _name(live))

    async def _write_after_reading(self, live: LiveSession) -> None:
        """Write behind what other isolates have stored meanwhile."""
        try:
            await self._read(live)
        except SessionClosed:
            live.close()
        except StorageError:
            live.end_write()
            return
        if live.unsaved and await self._write(live):
            logger.info("Saved conversation to session %s", _name(live))
        live.end_write()

    async def _forget(self, live: LiveSession) -> None:
        try:
            await self._storage.close_session(live.session_id)
        except StorageError:
            self._in_background(live, self._stay_closed)
            await self._storage.delete_session(live.session_id)
        else:
            if self._storage.shared:
                self._in_background(live, self._stay_closed)
        live.forgotten = True

    async def _stay_closed(self, live: LiveSession) -> None:
        """Look again, for as long as a turn elsewhere may save, whether the session is still closed."""
        closed = False
        for seconds in CLOSE_CHECK_SECONDS:
            await self._clock.sleep(seconds)
            closed = await self._close_again(live)
            if closed and not self._storage.shared:
                return
        if not closed:
            logger.error("Session %s: it was closed but that could not be stored", _name(live))

    async def _close_again(self, live: LiveSession) -> bool:
        try:
            if not await self._storage.is_closed(live.session_id):
                await self._storage.close_session(live.session_id)
        except StorageError:
            return False
        live.forgotten = True
        return True

    def _in_background(
        self, live: LiveSession, work: Callable[[LiveSession], Coroutine[None, None, None]]
    ) -> None:
        self._background(self._holding(self.live.hold(live.session_id, live), work(live)))

    async def _holding(self, held: LiveSession, work: Coroutine[None, None, None]) -> None:
        try:
            await work
        finally:
            self.live.release(held)


def _name(live: LiveSession) -> str:
    return short_fingerprint(live.session_id)
