"""Where sessions are kept: the storage protocol, and the stores in Workers KV and in memory."""

from __future__ import annotations

import asyncio
import logging
import math
from abc import ABC, abstractmethod
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, Protocol, TypeAlias

from pydantic import Field, TypeAdapter, ValidationError

from clock import Clock, SystemClock
from errors import ConfigurationError, SessionClosed, StorageError
from models import ClosedSession, ConversationMessage, Role, VoiceSession
from session_id import short_fingerprint
from settings import Settings

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from datetime import datetime

    from stores.kv import KVNamespace

BINDING = "VOICE_SESSIONS"
MIN_TTL = 60  # Workers KV accepts no shorter expirationTtl

Stored: TypeAlias = VoiceSession | ClosedSession
_STORED: TypeAdapter[Stored] = TypeAdapter(Annotated[Stored, Field(union_mode="left_to_right")])

logger = logging.getLogger("voice_agent.sessions")


class SessionStorage(Protocol):
    """Keeps conversations until they have been idle for the TTL or have reached the maximum age.

    Every operation raises `StorageError` if the store cannot be reached, and then changes nothing. Ids are
    not checked here: validate them first. `name` is the store's name in `/health`; `shared` says whether
    others than this process write to it.
    """

    name: str
    shared: bool

    async def get_session(self, session_id: str) -> VoiceSession | None:
        """The session, or None if there is none, or it has expired, was closed, or is unreadable."""
        ...

    async def save_session(self, session: VoiceSession) -> VoiceSession:
        """Store `session`, trimmed, for another TTL, and return it as stored. The last write wins.

        A session that has reached the maximum age starts anew with its last exchange.
        """
        ...

    async def create_session(self, session_id: str) -> VoiceSession:
        """Store an empty session, replacing what was stored under this id."""
        ...

    async def add_message(self, session_id: str, role: Role, content: str) -> VoiceSession:
        """Append one message, to a new session if there is none. One read and one write."""
        ...

    async def delete_session(self, session_id: str) -> None:
        """Forget the session; if there is none, this is a no-op. Its id can be used again."""
        ...

    async def get_conversation_history(self, session_id: str) -> list[ConversationMessage]:
        """The messages of the session in order; an empty list if there is none."""
        ...

    async def open_session(self, session_id: str) -> VoiceSession:
        """The session, or a new one that is not stored yet. One read. Raises `SessionClosed`."""
        ...

    async def close_session(self, session_id: str) -> None:
        """Forget what was said, and remember for a TTL that this session is closed. One write."""
        ...

    async def is_closed(self, session_id: str) -> bool:
        """Whether the session was closed. One read."""
        ...


class _SessionStore(ABC):
    """What all stores of whole sessions share: the lifetime of a session and how much of it is kept."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._ttl = timedelta(seconds=settings.session_ttl_seconds)
        self._max_age = timedelta(seconds=settings.session_max_age_seconds)
        self._max_messages = settings.max_messages
        self._clock = clock

    @abstractmethod
    async def delete_session(self, session_id: str) -> None: ...

    @abstractmethod
    async def _read(self, session_id: str) -> Stored | None:
        """What is stored under this id; expired sessions may still be there."""

    @abstractmethod
    async def _write(self, session_id: str, value: Stored, lifetime: timedelta) -> None:
        """Store `value` for `lifetime`."""

    async def get_session(self, session_id: str) -> VoiceSession | None:
        found = await self._read(session_id)
        if not isinstance(found, VoiceSession) or found.expires_at <= self._clock.now():
            return None
        return found

    async def open_session(self, session_id: str) -> VoiceSession:
        found = await self._read(session_id)
        if isinstance(found, ClosedSession):
            raise SessionClosed
        now = self._clock.now()
        if found is None or found.expires_at <= now:
            expires_at = now + min(self._ttl, self._max_age)
            return VoiceSession(session_id=session_id, created_at=now, expires_at=expires_at)
        return found

    async def save_session(self, session: VoiceSession) -> VoiceSession:
        now = self._clock.now()
        if session.created_at + self._max_age <= now:
            session = session.restarted(now)
        expires_at = min(now + self._ttl, session.created_at + self._max_age)
        kept = session.trimmed(self._max_messages).model_copy(update={"expires_at": expires_at})
        await self._write(kept.session_id, kept, kept.expires_at - now)
        return kept

    async def create_session(self, session_id: str) -> VoiceSession:
        now = self._clock.now()
        return await self.save_session(VoiceSession(session_id=session_id, created_at=now, expires_at=now))

    async def add_message(self, session_id: str, role: Role, content: str) -> VoiceSession:
        session = await self.open_session(session_id)
        return await self.save_session(session.with_message(role, content, self._clock.now()))

    async def get_conversation_history(self, session_id: str) -> list[ConversationMessage]:
        session = await self.get_session(session_id)
        return list(session.messages) if session else []

    async def close_session(self, session_id: str) -> None:
        await self._write(session_id, ClosedSession(closed_at=self._clock.now()), self._ttl)

    async def is_closed(self, session_id: str) -> bool:
        return isinstance(await self._read(session_id), ClosedSession)


class KVSessionStorage(_SessionStore):
    """Sessions in a Workers KV namespace: one value per session, under `session:<id>`.

    Each write sets `expirationTtl`, so that KV itself forgets a session one TTL after its last exchange.
    Other locations may show an old value for a while; `expires_at`, which is part of the value, keeps an
    expired session from being read again. An unreadable value counts as none: it is logged and not kept
    elsewhere, since a copy would outlive the visitor's wish to delete the conversation.
    """

    name = "kv"
    shared = True

    def __init__(self, namespace: KVNamespace, settings: Settings, clock: Clock) -> None:
        super().__init__(settings, clock)
        self._namespace = namespace
        self._timeout = settings.storage_timeout_seconds

    async def delete_session(self, session_id: str) -> None:
        await self._call("delete", self._namespace.delete(_key(session_id)))

    async def _read(self, session_id: str) -> Stored | None:
        text = await self._call("get", self._namespace.get(_key(session_id)))
        if text is None:
            return None
        try:
            found = _STORED.validate_json(text)
        except ValidationError as error:
            name, reason = short_fingerprint(session_id), error.errors()[0]["type"]
            logger.warning("Session %s: ignored an unreadable value (%s)", name, reason)
            return None
        if isinstance(found, ClosedSession):
            return found
        return found.model_copy(update={"session_id": session_id}).trimmed(self._max_messages)

    async def _write(self, session_id: str, value: Stored, lifetime: timedelta) -> None:
        ttl = max(MIN_TTL, math.ceil(lifetime.total_seconds()))
        text = value.model_dump_json(exclude_none=True)
        await self._call("put", self._namespace.put(_key(session_id), text, expirationTtl=ttl))

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


class InMemorySessionStorage(_SessionStore):
    """Sessions in this process, for local runs and tests."""

    name = "memory"
    shared = False

    def __init__(self, settings: Settings | None = None, clock: Clock | None = None) -> None:
        super().__init__(settings or Settings(), clock or SystemClock())
        # The least recently written first.
        self._values: dict[str, tuple[Stored, datetime]] = {}

    def __len__(self) -> int:
        """How many sessions are in memory, expired ones that no write has removed yet included."""
        return len(self._values)

    async def delete_session(self, session_id: str) -> None:
        self._values.pop(session_id, None)

    async def _read(self, session_id: str) -> Stored | None:
        value, expires_at = self._values.get(session_id, (None, None))
        return value if expires_at and expires_at > self._clock.now() else None

    async def _write(self, session_id: str, value: Stored, lifetime: timedelta) -> None:
        """Expired sessions are removed here, in about the order of their writes, in which they expire."""
        now = self._clock.now()
        self._values.pop(session_id, None)
        self._values[session_id] = value, now + lifetime
        while self._values[oldest := next(iter(self._values))][1] <= now:
            del self._values[oldest]


def get_session_storage(
    env: object, settings: Settings | None = None, clock: Clock | None = None
) -> SessionStorage:
    """The store for this environment: KV if `env` has the binding `VOICE_SESSIONS`, else memory.

    Raises `ConfigurationError` if the binding is missing and `ENVIRONMENT` is `production`, where memory
    would silently lose conversations.
    """
    settings = settings or Settings()
    clock = clock or SystemClock()
    namespace = getattr(env, BINDING, None)
    if namespace is not None:
        return KVSessionStorage(namespace, settings, clock)
    if settings.environment == "production":
        message = (
            f"The KV binding {BINDING} is missing: create a namespace and put its id into wrangler.toml."
        )
        raise ConfigurationError(message)
    logger.info("Using in-memory storage for local development")
    return InMemorySessionStorage(settings, clock)


def _key(session_id: str) -> str:
    return f"session:{session_id}"
