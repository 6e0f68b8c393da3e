"""Keeping what a question has changed about earlier turns, although one of them may end elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from errors import SessionClosed, StorageError
from sessions.closing import CLOSE_CHECK_SECONDS

if TYPE_CHECKING:
    from amendments import Amendments
    from clock import Clock
    from sessions.live import LiveSession, LiveSessions
    from stores.session_store import SessionStorage


class LateSaves:
    """Watches a session in a store whose last write wins.

    A turn that ends elsewhere is saved without what this isolate has saved meanwhile. Both are then in no
    other place than here, where they are merged and written again.
    """

    def __init__(self, storage: SessionStorage, clock: Clock, live_sessions: LiveSessions) -> None:
        self._storage = storage
        self._clock = clock
        self._live_sessions = live_sessions

    def outlast(self, live: LiveSession, amendments: Amendments) -> None:
        """If `amendments` are about a turn that may end elsewhere, watch for as long as that may take."""
        if live.may_end_elsewhere(amendments):
            self._live_sessions.in_background(live, self._outlast(live))

    async def _outlast(self, live: LiveSession) -> None:
        for seconds in CLOSE_CHECK_SECONDS:
            await self._clock.sleep(seconds)
            if live.closed:
                return
            await self._restore(live)

    async def _restore(self, live: LiveSession) -> None:
        now = self._clock.now()
        with live.write(now) as free:
            if not free:
                return
            try:
                shown = await self._storage.open_session(live.session_id)
                newest = live.read(shown, now)
                exchanges = live.unsaved
                if newest.messages != shown.messages and not live.closed:
                    live.written(await self._storage.save_session(newest), exchanges)
            except SessionClosed:
                live.close()
            except StorageError:
                return
