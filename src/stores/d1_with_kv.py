"""The session store in D1, of a deployment that kept its sessions in Workers KV before."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from errors import StorageError
from stores.d1_store import D1SessionStorage
from stores.session_store import KVSessionStorage

if TYPE_CHECKING:
    from clock import Clock
    from settings import Settings
    from stores.d1 import D1Database
    from stores.kv import KVNamespace
    from voice_session import VoiceSession


class D1WithKV(D1SessionStorage):
    """Sessions in D1. One that is not there is looked for in KV, and moved to D1 when it is found.

    So what is deleted from D1 later is not left in KV.
    """

    def __init__(
        self, database: D1Database, namespace: KVNamespace, settings: Settings, clock: Clock
    ) -> None:
        super().__init__(database, settings, clock)
        self._kv = KVSessionStorage(namespace, settings, clock)

    async def delete_session(self, session_id: str) -> None:
        await asyncio.gather(self._kv.delete_session(session_id), super().delete_session(session_id))

    async def close_session(self, session_id: str, owner: str | None = None) -> None:
        await super().close_session(session_id, owner)
        await self._kv.delete_session(session_id)

    async def is_closed(self, session_id: str) -> bool:
        if await super().is_closed(session_id):
            await self._kv.delete_session(session_id)
            return True
        return await self._kv.is_closed(session_id)

    async def _read(self, session_id: str, *, thorough: bool) -> VoiceSession | None:
        found = await super()._read(session_id, thorough=thorough)
        if found:
            return found
        earlier = await self._kv.open_session(session_id, expected=thorough)
        if not earlier.turn:
            return None
        moved = await self._write(earlier, earlier.expires_at - earlier.created_at)
        with suppress(StorageError):  # it expires there
            await self._kv.delete_session(session_id)
        return moved
