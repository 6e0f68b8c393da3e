"""What every session store does, and the store in Workers KV."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import math
from abc import ABC, abstractmethod
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from errors import SessionClosed, StorageError, TurnReplaced
from settings import MIN_TTL, Settings
from stored_types import MAX_MESSAGE_CHARS
from stores.kv import KVNamespace, SessionKeys
from stores.kv_closing import KVClosing
from stores.unreadable import check_replaceable, sound
from voice_session import VoiceSession

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence
    from datetime import datetime

    from clock import Clock
    from models import ConversationMessage, Exchange, Role

MAX_VALUE_CHARS = 5_000_000  # longer values are neither read nor written: an isolate has 128 MB

logger = logging.getLogger("voice_agent.sessions")


@dataclass(frozen=True, slots=True)
class Saved:
    """What a store says about the exchange that it has just stored.

    Its number in the conversation, when that expires, and how many of its messages are kept.
    """

    number: int
    expires_at: datetime
    kept: int


class SessionStorage(ABC):
    """Keeps conversations until they have been idle for the TTL or have reached the maximum age.

    Every operation raises `StorageError` if the store cannot be reached. Ids are not checked here: validate
    them first. `name` is the store's name in `/health`. `consistent` says whether every read shows all that
    was saved before, wherever that was done, and whether `append` is atomic.
    """

    name: str
    consistent: bool

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._ttl = timedelta(seconds=settings.session_ttl_seconds)
        self._max_age = timedelta(seconds=settings.session_max_age_seconds)
        self._max_messages = settings.max_messages
        self._clock = clock

    @abstractmethod
    async def _read(self, session_id: str, *, thorough: bool) -> VoiceSession | None:
        """The stored session, which may have expired; raises `SessionClosed` and `SessionTooNew`."""

    @abstractmethod
    async def _write(self, session: VoiceSession, lifetime: timedelta) -> VoiceSession:
        """Store `session` for `lifetime`; returns it as stored."""

    @abstractmethod
    async def delete_session(self, session_id: str) -> None:
        """Forget what was said; if there is no session, this is a no-op. A closed session stays closed."""

    @abstractmethod
    async def close_session(self, session_id: str, owner: str | None = None) -> None:
        """Forget what was said, and remember for a TTL or longer that this session is closed.

        Raises `ConversationOfAnother` if it belongs to a known visitor other than `owner`.
        """

    @abstractmethod
    async def is_closed(self, session_id: str) -> bool:
        """Whether the session was closed; what was stored of it since then is deleted."""

    async def get_session(self, session_id: str) -> VoiceSession | None:
        """The session, or None if there is none, or it has expired, was closed, or is unreadable.

        Raises `SessionTooNew` if a later version of this agent stored it.
        """
        with suppress(SessionClosed):
            found = await self._read(session_id, thorough=True)
            return found if found and found.expires_at > self._clock.now() else None
        return None

    async def open_session(self, session_id: str, *, expected: bool = False) -> VoiceSession:
        """The session, or a new one that is not stored yet. Raises `SessionClosed` and `SessionTooNew`.

        If one is `expected`, it is also looked for where earlier versions of this agent stored it.
        """
        found = await self._read(session_id, thorough=expected)
        now = self._clock.now()
        if found is None or found.expires_at <= now:
            end = now + min(self._ttl, self._max_age)
            return VoiceSession(session_id=session_id, created_at=now, expires_at=end)
        return found

    async def save_session(self, session: VoiceSession) -> VoiceSession:
        """Store `session`, trimmed, for another TTL, and return it as stored. The last write wins.

        A session that has reached the maximum age starts anew with its last exchange.
        """
        now = self._clock.now()
        if session.created_at + self._max_age <= now:
            session = session.restarted(now)
        created_at = min(session.created_at, now)
        expires_at = min(now + self._ttl, created_at + self._max_age)
        times = {"created_at": created_at, "expires_at": expires_at}
        trimmed = session.trimmed(self._max_messages).model_copy(update=times)
        return await self._write(trimmed, expires_at - now)

    async def append(
        self, session: VoiceSession, exchanges: Sequence[Exchange], owner: str | None = None
    ) -> Saved:
        """Add those of `exchanges` to the stored conversation whose turns it does not have yet.

        `session` is the conversation as it was read. It is given to the known visitor `owner`, if any.
        What they amend is changed. Returns where the last of `exchanges` stands. Raises `SessionClosed`,
        `ConversationOfAnother` if the conversation has been given to somebody else since it was read, and
        `TurnReplaced` if the last of them has been replaced; the others are stored all the same.
        """
        del owner  # only stores with accounts have owners
        current = await self.open_session(session.session_id)
        stored = await self.save_session(current.merged(exchanges))
        if stored.is_replaced(exchanges[-1].turn_id):
            raise TurnReplaced
        found = stored.find(exchanges[-1].turn_id)
        return Saved(found.number if found else stored.turn, stored.expires_at, len(stored.messages))

    async def create_session(self, session_id: str) -> VoiceSession:
        """Store an empty session, replacing what was stored under this id."""
        now = self._clock.now()
        return await self.save_session(VoiceSession(session_id=session_id, created_at=now, expires_at=now))

    async def add_message(self, session_id: str, role: Role, content: str) -> VoiceSession:
        """Append one message, to a new session if there is none."""
        session = await self.open_session(session_id)
        return await self.save_session(session.with_message(role, content, self._clock.now()))

    async def get_conversation_history(self, session_id: str) -> list[ConversationMessage]:
        """The messages of the session in order; an empty list if there is none."""
        session = await self.get_session(session_id)
        return list(session.messages) if session else []


class KVSessionStorage(SessionStorage):
    """Sessions in a Workers KV namespace: one value per session, and a note of its own if it was closed.

    KV forgets a session one TTL after its last exchange. As locations may show old values for a while, each
    value has its `expires_at`. An unreadable value is logged and counts as none, and no copy of it is kept:
    it would outlive the visitor's wish to delete the conversation.
    """

    name = "kv"
    consistent = False

    def __init__(self, namespace: KVNamespace, settings: Settings, clock: Clock) -> None:
        super().__init__(settings, clock)
        self._namespace = namespace
        self._timeout = settings.storage_timeout_seconds
        self._closing = KVClosing(namespace, self._call, clock, settings.session_ttl_seconds)

    async def delete_session(self, session_id: str) -> None:
        await self._closing.delete(_keys(session_id))

    async def close_session(self, session_id: str, owner: str | None = None) -> None:
        del owner
        await self._closing.close(_keys(session_id))

    async def is_closed(self, session_id: str) -> bool:
        return await self._closing.is_closed(_keys(session_id))

    async def _read(self, session_id: str, *, thorough: bool) -> VoiceSession | None:
        get, keys = self._namespace.get, _keys(session_id)
        text, note = await self._call("get", asyncio.gather(get(keys.session), get(keys.closed)))
        if note is not None:
            if text is not None:  # stored by a turn that ended elsewhere
                with suppress(StorageError):
                    await self._closing.delete(keys)
            raise SessionClosed
        if text is None and thorough:
            text = await self._call("get", get(keys.earlier))
        if text is None:
            return None
        try:
            found = VoiceSession.model_validate_json(text[:MAX_VALUE_CHARS])
        except ValueError as error:
            check_replaceable(session_id, text[:MAX_VALUE_CHARS], error)
            return None
        roles = [message.role for message in found.messages]
        long = any(len(message.content) > MAX_MESSAGE_CHARS for message in found.messages)
        if long or "assistant" in roles[::2] or "user" in roles[1::2] or found.turn < len(roles) // 2:
            found = sound(found)
        return found.model_copy(update={"session_id": session_id}).trimmed(self._max_messages)

    async def _write(self, session: VoiceSession, lifetime: timedelta) -> VoiceSession:
        while len(text := session.model_dump_json(exclude_none=True)) > MAX_VALUE_CHARS:
            session = session.trimmed(len(session.messages) // 2)
        ttl = max(MIN_TTL, math.ceil(lifetime.total_seconds()))
        key = _keys(session.session_id).session
        await self._call("put", self._namespace.put(key, text, expirationTtl=ttl))
        return session

    async def _call(self, operation: str, call: Awaitable[Any]) -> Any:
        try:
            async with asyncio.timeout(self._timeout):
                return await call
        except TimeoutError as error:
            logger.warning("KV %s took longer than %g s", operation, self._timeout)
            raise StorageError from error
        except Exception as error:
            # KV's errors are JavaScript errors, whose type only the runtime knows. They quote no key.
            logger.warning("%s", error)
            raise StorageError from error


def _keys(session_id: str) -> SessionKeys:
    """The hash is the fingerprint that logs show the beginning of."""
    name = hashlib.sha256(session_id.encode()).hexdigest()
    return SessionKeys(f"session:{name}", f"closed:{name}", f"session:{session_id}")
