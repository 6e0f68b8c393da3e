"""Where sessions are kept: the stores in D1, in Workers KV and in memory, and which of them to use."""

from __future__ import annotations

import logging

from clock import Clock, SystemClock
from errors import ConfigurationError
from settings import Settings
from stores.d1_store import D1SessionStorage
from stores.d1_with_kv import D1WithKV
from stores.memory_store import InMemorySessionStorage
from stores.session_store import KVSessionStorage, Saved, SessionStorage

__all__ = [
    "D1SessionStorage",
    "InMemorySessionStorage",
    "KVSessionStorage",
    "Saved",
    "SessionStorage",
    "get_session_storage",
]

BINDING, DATABASE = "VOICE_SESSIONS", "VOICE_DB"

logger = logging.getLogger("voice_agent.sessions")


def get_session_storage(
    env: object, settings: Settings | None = None, clock: Clock | None = None
) -> SessionStorage:
    """The store for this environment, by its bindings: D1 (`VOICE_DB`), KV (`VOICE_SESSIONS`), or memory.

    With both bindings it is D1, and conversations that are still in KV are found there.

    Raises `ConfigurationError` if both are missing and `ENVIRONMENT` is `production`, where memory would
    silently lose conversations.
    """
    settings, clock = settings or Settings(), clock or SystemClock()
    namespace, database = getattr(env, BINDING, None), getattr(env, DATABASE, None)
    if database is not None and namespace is not None:
        return D1WithKV(database, namespace, settings, clock)
    if database is not None:
        return D1SessionStorage(database, settings, clock)
    if namespace is not None:
        return KVSessionStorage(namespace, settings, clock)
    if settings.environment == "production":
        message = (
            f"Neither KV ({BINDING}) nor D1 ({DATABASE}) is bound: create one of them and put its id in "
            "wrangler.toml."
        )
        raise ConfigurationError(message)
    logger.info("Using in-memory storage for local development")
    return InMemorySessionStorage(settings, clock)
