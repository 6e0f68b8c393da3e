"""Budgets of what costs by amount: characters spoken, seconds of recordings."""

from __future__ import annotations

import math
from collections import OrderedDict, deque
from datetime import timedelta
from typing import TYPE_CHECKING

from errors import RateLimited
from rate_limit import client_key, session_key

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.types import Scope

    from clock import Clock

# A client may spend this many times what a session may: a household or an office shares one address.
SESSIONS_PER_CLIENT = 5


class Budget:
    """Lets each session spend `amount` in any `period` seconds, and each client five times as much.

    It counts in memory, so every isolate counts for itself. It remembers up to `max_keys` sessions and
    clients; beyond that, the one that has been quiet longest is forgotten.
    """

    def __init__(self, amount: int, period: int, clock: Clock, max_keys: int = 10_000) -> None:
        self._amount = amount
        self._period = timedelta(seconds=period)
        self._clock = clock
        self._max_keys = max_keys
        self._spent: OrderedDict[str, deque[tuple[datetime, float]]] = OrderedDict()

    def __len__(self) -> int:
        """How many sessions and clients are remembered."""
        return len(self._spent)

    def spend(self, scope: Scope, session_id: str | None, amount: float) -> None:
        """Spend `amount` in the session, and as the client behind `scope`.

        Raises `RateLimited` with the seconds to wait, and then spends nothing. An amount of more than the
        whole budget is never allowed.
        """
        limits = {client_key(scope): self._amount * SESSIONS_PER_CLIENT}
        if session_id is not None:
            limits[session_key(session_id)] = self._amount
        now = self._clock.now()
        if seconds := max(self._wait(key, limit - amount, now) for key, limit in limits.items()):
            raise RateLimited(retry_after=seconds)
        for key in limits:
            self._spent.setdefault(key, deque()).append((now, amount))
            self._spent.move_to_end(key)
        while len(self._spent) > self._max_keys:
            self._spent.popitem(last=False)

    def _wait(self, key: str, allowed: float, now: datetime) -> int:
        """The seconds until what `key` has spent in a period is at most `allowed`; 0 if it is already."""
        spent = self._spent.get(key, deque())
        while spent and spent[-1][0] > now:  # the clock was set back
            spent.pop()
        while spent and spent[0][0] + self._period <= now:
            spent.popleft()
        excess = sum(amount for _, amount in spent) - allowed
        wait = timedelta() if allowed >= 0 else self._period
        for at, amount in spent:
            if excess <= 0:
                break
            excess -= amount
            wait = at + self._period - now
        return math.ceil(wait.total_seconds())
