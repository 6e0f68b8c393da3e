"""Values in memory that are forgotten after a while."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from clock import Clock

T = TypeVar("T")


class ExpiringValues(Generic[T]):
    """A mapping in which every value has a lifetime."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        # The least recently written first.
        self._values: dict[str, tuple[T, datetime]] = {}

    def __len__(self) -> int:
        """How many values are in memory, including expired ones that no `put` has removed yet."""
        return len(self._values)

    def get(self, key: str) -> T | None:
        """The value of `key`; None if there is none, or it has expired."""
        value, expires_at = self._values.get(key, (None, None))
        return value if expires_at and expires_at > self._clock.now() else None

    def put(self, key: str, value: T, lifetime: timedelta) -> None:
        """Keep `value` for `lifetime`.

        Expired values are removed here, in the order in which they were written, which is about the order in
        which they expire.
        """
        now = self._clock.now()
        self._values.pop(key, None)
        self._values[key] = value, now + lifetime
        while self._values[oldest := next(iter(self._values))][1] <= now:
            del self._values[oldest]

    def remove(self, key: str) -> None:
        """Remove the value of `key`; if there is none, this is a no-op."""
        self._values.pop(key, None)
