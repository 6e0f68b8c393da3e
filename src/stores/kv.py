"""The part of Workers KV's interface that the session store uses."""

from __future__ import annotations

from typing import Any, Protocol


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
