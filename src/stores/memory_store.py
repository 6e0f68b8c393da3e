"""The session store in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clock import Clock, SystemClock
from errors import SessionClosed
from settings import Settings
from stores.expiring import ExpiringValues
from stores.session_store import SessionStorage

if TYPE_CHECKING:
    from datetime import timedelta

    from voice_session import VoiceSession


class InMemorySessionStorage(SessionStorage):
    """Sessions in this process, for local runs and tests."""

    name = "memory"
    consistent = True

    def __init__(self, settings: Settings | None = None, clock: Clock | None = None) -> None:
        super().__init__(settings or Settings(), clock or SystemClock())
        self._sessions: ExpiringValues[VoiceSession] = ExpiringValues(self._clock)
        self._closed: ExpiringValues[str] = ExpiringValues(self._clock)

    def __len__(self) -> int:
        """How many sessions are in memory, including expired ones that no write has removed yet."""
        return len(self._sessions)

    async def delete_session(self, session_id: str) -> None:
        self._sessions.remove(session_id)

    async def close_session(self, session_id: str, owner: str | None = None) -> None:
        del owner
        self._sessions.remove(session_id)
        self._closed.put(session_id, session_id, self._ttl)

    async def is_closed(self, session_id: str) -> bool:
        return self._closed.get(session_id) is not None

    async def _read(self, session_id: str, *, thorough: bool) -> VoiceSession | None:  # noqa: ARG002 - one place
        if await self.is_closed(session_id):
            raise SessionClosed
        return self._sessions.get(session_id)

    async def _write(self, session: VoiceSession, lifetime: timedelta) -> VoiceSession:
        if not await self.is_closed(session.session_id):
            self._sessions.put(session.session_id, session, lifetime)
        return session
