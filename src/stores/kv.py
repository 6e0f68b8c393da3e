"""The part of Workers KV's interface that the session store uses, and the keys of a session."""

from __future__ import annotations

from typing import Any, NamedTuple, Protocol


class KVNamespace(Protocol):
    """A Workers KV binding, as `env.VOICE_SESSIONS` gives it to a Python Worker.

    Every call may raise: `JsException` in the Workers runtime and `KVError` from the fake, both with messages
    like `KV PUT failed: 429 Too Many Requests`.
    """

    async def get(self, key: str) -> Any:
        """Return the value of `key` as text, or None if there is no such key."""
        ...

    async def put(self, key: str, value: str, *, expirationTtl: int) -> None:  # noqa: N803 - KV's own name
        """Store `value` for `expirationTtl` seconds, at least 60. KV takes one write per second to a key."""
        ...

    async def delete(self, key: str) -> None:
        """Remove `key`. If there is no such key, this is a no-op."""
        ...


class SessionKeys(NamedTuple):
    """Where a session is kept: `session` holds the conversation, `closed` the note that it was closed.

    `earlier` is where earlier versions of this agent kept either of them.
    """

    session: str
    closed: str
    earlier: str
