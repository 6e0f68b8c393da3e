"""Deleting and closing sessions in Workers KV."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from stores.unreadable import is_closing_note
from voice_session import ClosedSession

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from clock import Clock
    from stores.kv import KVNamespace, SessionKeys

    # Awaits a call of KV, given the operation's name, within a timeout; raises `StorageError`.
    Call = Callable[[str, Awaitable[Any]], Awaitable[Any]]


class KVClosing:
    """Deletes sessions, and keeps a note of those that were closed for `ttl_seconds`, under a key of its own.

    While it was in the session's place, a turn that ended elsewhere could replace it.
    """

    def __init__(self, namespace: KVNamespace, call: Call, clock: Clock, ttl_seconds: int) -> None:
        self._namespace = namespace
        self._call = call
        self._clock = clock
        self._ttl = ttl_seconds

    async def delete(self, keys: SessionKeys) -> None:
        """Delete what was said, but not the note."""
        await _all([self._delete(keys.session), self._delete(keys.earlier)])

    async def close(self, keys: SessionKeys) -> None:
        """Delete what was said, and write the note unless there is one.

        A note that is there already may be a later version's, and say more than this one.
        """
        note, earlier = await self._get(keys.closed, keys.earlier)
        changes = [self._delete(keys.session)]
        if note is None:
            changes.append(self._note(keys.closed))
        if earlier is not None:
            changes.append(self._delete(keys.earlier))
        await _all(changes)

    async def is_closed(self, keys: SessionKeys) -> bool:
        """Whether there is a note; if so, what a turn that ended elsewhere has stored since is deleted."""
        note, stored = await self._get(keys.closed, keys.session)
        if note is None:
            (earlier,) = await self._get(keys.earlier)
            return earlier is not None and is_closing_note(earlier)
        if stored is not None:
            await self.delete(keys)
        return True

    async def _get(self, *names: str) -> list[str | None]:
        return list(await self._call("get", asyncio.gather(*map(self._namespace.get, names))))

    async def _note(self, key: str) -> None:
        text = ClosedSession(closed_at=self._clock.now()).model_dump_json()
        await self._call("put", self._namespace.put(key, text, expirationTtl=self._ttl))

    async def _delete(self, key: str) -> None:
        await self._call("delete", self._namespace.delete(key))


async def _all(changes: Sequence[Awaitable[object]]) -> None:
    """Make all `changes` at the same time, even if some fail, and raise the first failure."""
    for result in await asyncio.gather(*changes, return_exceptions=True):
        if isinstance(result, BaseException):
            raise result
