"""Where sessions are kept: the storage protocol, and the store on Workers KV."""

from __future__ import annotations

import asyncio
import logging
import math
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any, Protocol

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
LEAST_TTL = 60  # Workers KV takes no shorter expirationTtl

_STORED: TypeAdapter[VoiceSession | ClosedSession] = TypeAdapter(
    Annotated[VoiceSession | ClosedSession, Field(union_mode="left_to_right")]
)

logger = logging.getLogger("voice_agent.sessions")


class SessionStorage(Protocol):
    """Keeps conversations until they have been idle for the TTL, or are older than the greatest age.

    Every operation raises `StorageError` where the store cannot be reached; what is stored is then as it
    was. Ids are taken as they are: validate them before. `name` says which store it is, for `/health`,
    `shared` whether others than this process write to it.
    """

    name: str
    shared: bool

    async def get_session(self, session_id: str) -> VoiceSession | None:
        """The session, or None where there is none, it is over or closed, or its value cannot be read."""
        ...

    async def save_session(self, session: VoiceSession) -> VoiceSession:
        """Store `session`, trimmed, for another TTL; give it as it was stored. The last write wins.

        One that has reached the greatest age begins anew with its last exchange.
        """
        ...

    async def create_session(self, session_id: str) -> VoiceSession:
        """Store an empty session; what was stored under this id is replaced."""
        ...

    async def add_message(self, session_id: str, role: Role, content: str) -> VoiceSession:
        """Append one message, in a session made for it where there is none. One read, one write."""
        ...

    async def open_session(self, session_id: str) -> VoiceSession:
        """The session, or a new one that is not stored yet. One read.

        Raises `SessionClosed` where it was closed.
        """
        ...

    async def close_session(self, session_id: str) -> None:
        """Forget what was said, and keep for a TTL that this session is closed. One write."""
        ...

    async def is_closed(self, session_id: str) -> bool:
        """Whether the session was closed. One read."""
        ...

    async def delete_session(self, session_id: str) -> None:
        """Forget the session; where there is none, this is a no-op. Its id may be used again."""
        ...

    async def get_conversation_history(self, session_id: str) -> list[ConversationMessage]:
        """The messages of the session in order; an empty list where there is none."""
        ...


class KVSessionStorage:
    """Sessions in a Workers KV namespace: one value a session, under `session:<id>`.

    Each write sets `expirationTtl`, so that KV itself forgets a session one TTL after its last exchange.
    KV shows an old value for a while in other locations; `expires_at`, which stands in the value too,
    keeps a session that is over from being read again.
    """

    name = "kv"
    shared = True

    def __init__(self, namespace: KVNamespace, settings: Settings, clock: Clock) -> None:
        """Take the binding, the limits of a session, and the time."""
        self._namespace = namespace
        self._ttl = timedelta(seconds=settings.session_ttl_seconds)
        self._max_age = timedelta(seconds=settings.session_max_age_seconds)
        self._most = settings.max_messages
        self._timeout = settings.storage_timeout_seconds
        self._clock = clock

    async def get_session(self, session_id: str) -> VoiceSession | None:
        """See `SessionStorage`. A value that cannot be read is logged and taken for none.

        It is not kept elsewhere: a copy would outlive the visitor's wish to delete the conversation.
        """
        found = await self._read(session_id)
        return found if isinstance(found, VoiceSession) else None

    async def open_session(self, session_id: str) -> VoiceSession:
        """See `SessionStorage`."""
        found = await self._read(session_id)
        if isinstance(found, ClosedSession):
            raise SessionClosed
        return found or self._new_session(session_id)

    async def save_session(self, session: VoiceSession) -> VoiceSession:
        """See `SessionStorage`."""
        now = self._clock.now()
        if session.created_at + self._max_age <= now:
            session = session.restarted(now)
        kept = session.trimmed(self._most)
        if len(kept.messages) < len(session.messages):
            logger.info(
                "Trimmed session %s to last %d messages",
                short_fingerprint(session.session_id),
                len(kept.messages),
            )
        kept = kept.model_copy(update={"expires_at": self._expiry(kept.created_at, now)})
        await self._put(kept.session_id, kept.model_dump_json(exclude_none=True), kept.expires_at - now)
        return kept

    async def create_session(self, session_id: str) -> VoiceSession:
        """See `SessionStorage`."""
        return await self.save_session(self._new_session(session_id))

    async def add_message(self, session_id: str, role: Role, content: str) -> VoiceSession:
        """See `SessionStorage`."""
        session = await self.open_session(session_id)
        return await self.save_session(session.with_message(role, content, self._clock.now()))

    async def close_session(self, session_id: str) -> None:
        """See `SessionStorage`."""
        closed = ClosedSession(closed_at=self._clock.now())
        await self._put(session_id, closed.model_dump_json(), self._ttl)

    async def is_closed(self, session_id: str) -> bool:
        """See `SessionStorage`."""
        return isinstance(await self._read(session_id), ClosedSession)

    async def delete_session(self, session_id: str) -> None:
        """See `SessionStorage`."""
        await self._call("delete", self._namespace.delete(_key(session_id)))

    async def get_conversation_history(self, session_id: str) -> list[ConversationMessage]:
        """See `SessionStorage`."""
        session = await self.get_session(session_id)
        return list(session.messages) if session else []

    async def _read(self, session_id: str) -> VoiceSession | ClosedSession | None:
        text = await self._call("get", self._namespace.get(_key(session_id)))
        if text is None:
            return None
        try:
            found = _STORED.validate_json(text)
        except ValidationError as error:
            name, reason = short_fingerprint(session_id), error.errors()[0]["type"]
            logger.warning("Session %s: set aside a value that cannot be read (%s)", name, reason)
            return None
        if isinstance(found, ClosedSession):
            return found
        if found.expires_at <= self._clock.now():
            return None
        return found.model_copy(update={"session_id": session_id}).trimmed(self._most)

    async def _put(self, session_id: str, value: str, lifetime: timedelta) -> None:
        ttl = max(LEAST_TTL, math.ceil(lifetime.total_seconds()))
        await self._call("put", self._namespace.put(_key(session_id), value, expirationTtl=ttl))

    def _new_session(self, session_id: str) -> VoiceSession:
        now = self._clock.now()
        return VoiceSession(session_id=session_id, created_at=now, expires_at=self._expiry(now, now))

    def _expiry(self, created_at: datetime, now: datetime) -> datetime:
        return min(now + self._ttl, created_at + self._max_age)

    async def _call(self, operation: str, call: Awaitable[Any]) -> Any:
        try:
            async with asyncio.timeout(self._timeout):
                return await call
        except TimeoutError as error:
            logger.warning("KV %s took longer than %g s", operation, self._timeout)
            raise StorageError from error
        except Exception as error:
            # KV's errors are JavaScript's, of a type that only the runtime knows; they quote no key.
            logger.warning("%s", error)
            raise StorageError from error


class InMemorySessionStorage(KVSessionStorage):
    """Sessions in this process, for local runs and tests: the store above over the fake KV.

    Memory takes writes as fast as they come; the limit of one a second is KV's alone.
    """

    name = "memory"
    shared = False

    def __init__(self, settings: Settings | None = None, clock: Clock | None = None) -> None:
        """Start with no session."""
        from stores.fake_kv import FakeKV  # noqa: PLC0415 - a Worker with its binding never needs it

        clock = clock or SystemClock()
        super().__init__(FakeKV(clock, put_interval=timedelta()), settings or Settings(), clock)


def get_session_storage(
    env: object, settings: Settings | None = None, clock: Clock | None = None
) -> SessionStorage:
    """The store for this environment: KV where `env` has the binding `VOICE_SESSIONS`, else memory.

    Raises `ConfigurationError` where the binding is missing and `ENVIRONMENT` is `production`: memory
    would lose conversations there without a word.
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
