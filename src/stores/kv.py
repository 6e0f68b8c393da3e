"""The part of Workers KV's interface that the session store uses."""

from __future__ import annotations

from typing import Any, Protocol


class KVNamespace(Protocol):
    """A Workers KV binding, as `env.VOICE_SESSIONS` gives it to a Python Worker.

    Every call may raise: the runtime raises `JsException`, the fake `KVError`, both with messages like
    `KV PUT failed: 429 Too Many Requests`.
    """

    async def get(self, key: str) -> Any:
        """The value of `key` as text, or None where there is none."""
        ...

    async def put(self, key: str, value: str, *, expirationTtl: int) -> None:  # noqa: N803 - KV's own name
        """Store `value` for `expirationTtl` seconds (60 at least). At most one write a second to a key."""
        ...

    async def delete(self, key: str) -> None:
        """Remove `key`; where there is no such key, this is a no-op."""
        ...
