"""Closing a session for good, although a turn in another isolate may still save into it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from errors import ConversationOfAnother, StorageError

if TYPE_CHECKING:
    from clock import Clock
    from session_storage import SessionStorage
    from sessions.live import LiveSession, LiveSessions

# A turn that began elsewhere before the close may end, and save, within this time.
CLOSE_CHECK_SECONDS = (1.1, 2.0, 4.0, 8.0, 13.0)

logger = logging.getLogger("voice_agent.sessions")


class Closing:
    """Replaces a session by a note that it is closed, and makes sure that the note stays."""

    def __init__(self, storage: SessionStorage, clock: Clock, live_sessions: LiveSessions) -> None:
        self._storage = storage
        self._clock = clock
        self._live_sessions = live_sessions

    async def close(self, live: LiveSession) -> None:
        """Close the session; closing it again does nothing.

        If the note cannot be written, the session is deleted at once and the note follows in the background.
        Raises `StorageError` if neither works; it is retried in the background all the same.
        """
        if live.forgotten:
            return
        live.close()
        try:
            await self._storage.close_session(live.session_id)
        except StorageError:
            self.keep_closed(live)
            await self._storage.delete_session(live.session_id)
        else:
            self.keep_closed(live)
        live.forgotten = True

    def keep_closed(self, live: LiveSession) -> None:
        """Check in the background that the session stays closed, while a turn elsewhere may still save."""
        self._live_sessions.in_background(live, self._keep_closed(live))

    async def _keep_closed(self, live: LiveSession) -> None:
        closed = False
        for seconds in CLOSE_CHECK_SECONDS:
            await self._clock.sleep(seconds)
            closed = await self._close_again(live)
            if closed and self._storage.consistent:
                return
        if not closed:
            logger.error("Session %s was closed, but that could not be stored", live.name)

    async def _close_again(self, live: LiveSession) -> bool:
        try:
            if not await self._storage.is_closed(live.session_id):
                await self._storage.close_session(live.session_id, live.owner)
        except StorageError:
            return False
        except ConversationOfAnother:  # given away meanwhile
            live.closed = False
            return True
        live.forgotten = True
        return True
