"""Sessions in a consistent store: it shows all that was saved, and takes any number of writes at once."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from errors import ConversationOfAnother, SessionClosed, StorageError, TurnReplaced
from sessions.live import check_owner
from sessions.sessions import Sessions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from amendments import Amendments
    from models import Exchange
    from sessions.live import LiveSession
    from stores.session_store import Saved
    from voice_session import VoiceSession


class ConsistentSessions(Sessions):
    """All sessions, as one isolate sees them, in a consistent store.

    Nothing is read twice or merged. Each exchange is added to the conversation by itself, and only one whose
    write fails is remembered here, to be written together with the isolate's next one or a little later.
    """

    def _newest(self, live: LiveSession, session: VoiceSession) -> VoiceSession:
        return live.show(session)

    async def _read(
        self, live: LiveSession, now: datetime, seen: int = 0, last_turn_id: str | None = None
    ) -> tuple[VoiceSession, bool]:
        """The session, and whether it has the turns that were seen: if not, it was another conversation."""
        del now
        expected = seen > 0 or last_turn_id is not None
        session = await self._storage.open_session(live.session_id, expected=expected)
        if live.closed:
            raise SessionClosed
        session = live.show(session)
        return session, session.has_had(seen, last_turn_id)

    def _amend(self, live: LiveSession, amends: Amendments) -> VoiceSession:
        return live.amend(amends)

    async def close(self, session_id: str, owner: str | None = None) -> None:
        """As `Sessions.close`; from then on, the store refuses turns that are still running."""
        with self._live.hold(session_id, self._clock.now()) as live:
            check_owner(owner, live.owner)
            try:
                await self._storage.close_session(session_id, owner)
            except StorageError:
                live.close()
                live.owner = owner
                self._closing.keep_closed(live)
                raise
            live.close()
            live.forgotten = True

    async def _save(self, live: LiveSession, exchange: Exchange) -> Saved | None:
        try:
            return await self._append(live, (*live.unsaved, exchange))
        except StorageError:
            if not live.closed:
                live.unsaved += (exchange,)
                self._save_later(live)
        return None

    async def _append(self, live: LiveSession, exchanges: Sequence[Exchange]) -> Saved | None:
        """Store `exchanges`; returns None if the last one may not be saved any more.

        Then the session was closed or given to somebody else meanwhile, or the turn was replaced.
        """
        saved = None
        with suppress(SessionClosed, ConversationOfAnother, TurnReplaced):
            saved = await self._storage.append(live.newest(), exchanges, live.owner)
        live.unsaved = tuple(exchange for exchange in live.unsaved if exchange not in exchanges)
        return None if live.closed else saved

    async def _write_again(self, live: LiveSession) -> None:
        try:
            await self._append(live, live.unsaved)
        except StorageError:
            return
