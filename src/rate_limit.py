"""How many calls one session and one client may make: Cloudflare's binding, or a count in this process."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import math
from abc import ABC, abstractmethod
from collections import OrderedDict, deque
from datetime import timedelta
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any

from starlette.datastructures import Headers

from errors import RateLimited
from session_id import fingerprint

if TYPE_CHECKING:
    from datetime import datetime

    from starlette.types import Scope

    from clock import Clock
    from settings import Settings

BINDING = "RATE_LIMITER"
# LIMIT calls per PERIOD seconds, as wrangler.toml configures the binding, which cannot be asked.
LIMIT, PERIOD = 30, 60
# The binding counts in the memory of the same machine, so a call that takes a second has failed.
BINDING_TIMEOUT = 1.0
# Internet providers give each customer an IPv6 network of this size.
IPV6_PREFIX = 64

logger = logging.getLogger("voice_agent.rate_limit")


class RateLimiter(ABC):
    """Counts calls by key. `name` says in `/health` who counts."""

    name: str

    async def limit(self, scope: Scope, session_id: str | None = None, *, kind: str = "") -> None:
        """Count one call by the client behind `scope`, and one in the session if there is one.

        Calls of another `kind` are counted apart. Raises `RateLimited` with the seconds to wait.
        """
        await self._count(f"{kind}{client_key(scope)}")
        if session_id is not None:
            await self._count(f"{kind}{session_key(session_id)}")

    @abstractmethod
    async def check(self, key: str) -> int:
        """Count one call of `key`: 0 if it may be made, else the number of seconds until one may."""

    async def _count(self, key: str) -> None:
        if seconds := await self.check(key):
            raise RateLimited(retry_after=seconds)


class NoRateLimiter(RateLimiter):
    """Lets everything through."""

    name = "off"

    async def limit(self, scope: Scope, session_id: str | None = None, *, kind: str = "") -> None: ...

    async def check(self, key: str) -> int:
        del key
        return 0


class MemoryRateLimiter(RateLimiter):
    """Lets `limit` calls of a key through in any `period` seconds. Rejected calls do not count.

    It remembers up to `max_keys` keys; beyond that, the key that has been quiet longest is forgotten.
    """

    name = "memory"

    def __init__(self, limit: int, period: int, clock: Clock, max_keys: int = 10_000) -> None:
        self._limit = limit
        self._period = timedelta(seconds=period)
        self._clock = clock
        self._max_keys = max_keys
        self._calls: OrderedDict[str, deque[datetime]] = OrderedDict()

    def __len__(self) -> int:
        """How many keys are remembered."""
        return len(self._calls)

    async def check(self, key: str) -> int:
        now = self._clock.now()
        self._make_room(key, now)
        calls = self._calls.setdefault(key, deque(maxlen=self._limit))
        while calls and calls[-1] > now:  # the clock was set back
            calls.pop()
        if len(calls) == self._limit and (left := calls[0] + self._period - now) > timedelta():
            return math.ceil(left.total_seconds())
        calls.append(now)
        self._calls.move_to_end(key)
        return 0

    def _make_room(self, key: str, now: datetime) -> None:
        room = self._max_keys - (key not in self._calls)
        while self._calls:
            oldest = next(iter(self._calls.values()))
            if len(self._calls) <= room and now - oldest[-1] < self._period:
                return
            self._calls.popitem(last=False)


class BindingRateLimiter(RateLimiter):
    """Cloudflare's rate-limiting binding; while it fails, `fallback` counts in this isolate."""

    name = "binding"

    def __init__(self, binding: Any, fallback: RateLimiter, timeout: float = BINDING_TIMEOUT) -> None:
        self._binding = binding
        self._fallback = fallback
        self._timeout = timeout

    async def check(self, key: str) -> int:
        """As in `RateLimiter`. The binding does not say how long to wait, so it is the whole period."""
        try:
            async with asyncio.timeout(self._timeout):
                allowed = (await self._binding.limit({"key": key})).success
        except Exception as error:  # noqa: BLE001 - a JavaScript error, whose type only the runtime knows
            logger.warning("The rate limiter failed (%s), counting in memory", type(error).__name__)
            return await self._fallback.check(key)
        return 0 if allowed else PERIOD


def get_rate_limiter(env: object, settings: Settings, clock: Clock) -> RateLimiter:
    """The limiter for this environment: the binding `RATE_LIMITER` in `env`, else what `RATE_LIMIT` says.

    A deployment with neither of them counts in memory, as its binding would: it is never without a limit.
    """
    binding = getattr(env, BINDING, None)
    limit, _, period = settings.rate_limit.partition("/")
    if binding is None and not period:
        if settings.environment == "development":
            return NoRateLimiter()
        logger.warning(
            "The binding %s is missing in wrangler.toml: each isolate counts requests for itself, and lets "
            "%d through in %d seconds",
            BINDING,
            LIMIT,
            PERIOD,
        )
    amount, seconds = (int(limit), int(period)) if period else (LIMIT, PERIOD)
    counter = MemoryRateLimiter(amount, seconds, clock)
    return counter if binding is None else BindingRateLimiter(binding, counter)


def session_key(session_id: str) -> str:
    """The key of a session: a fingerprint."""
    return f"session:{fingerprint(session_id)}"


def client_key(scope: Scope) -> str:
    """The key of the client: a hash of its address; for IPv6, of the network one customer has.

    In the Workers runtime, whose requests come with `env`, Cloudflare sets the address in a header that
    clients cannot forge. Elsewhere anybody can set that header, so the address is the connection's.
    """
    if "env" in scope:
        address = Headers(scope=scope).get("cf-connecting-ip", "")
    else:
        address = (scope.get("client") or ("",))[0]
    return f"client:{hashlib.sha256(_network(address).encode()).hexdigest()}"


def _network(address: str) -> str:
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if ip.version == 4:
        return address
    # A socket for both versions shows IPv4 addresses as ::ffff:192.0.2.1, all in one IPv6 network.
    return str(ip.ipv4_mapped or ip_network((ip, IPV6_PREFIX), strict=False))
