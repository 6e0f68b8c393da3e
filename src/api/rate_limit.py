"""How often one session and one client may call: Cloudflare's binding, or a count in this process."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import math
from collections import OrderedDict, deque
from datetime import timedelta
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Any, Protocol

from starlette.datastructures import Headers

from errors import RateLimited
from session_id import fingerprint

if TYPE_CHECKING:
    from collections.abc import MutableMapping
    from datetime import datetime

    from clock import Clock
    from settings import Settings

BINDING = "RATE_LIMITER"
# As wrangler.toml sets the binding: these many calls in so many seconds. The binding does not tell them.
LIMIT, PERIOD = 30, 60
# It counts in memory of the same machine; a second is already a fault.
BINDING_TIMEOUT = 1.0
# An internet provider gives one customer a network of this size.
IPV6_PREFIX = 64

logger = logging.getLogger("voice_agent.rate_limit")


class RateLimiter(Protocol):
    """Counts calls by key. `name` says for `/health` who counts."""

    name: str

    async def wait(self, key: str) -> int:
        """Count one call of `key`: 0 where it may be made, else the seconds until one may."""
        ...


class NoRateLimiter:
    """Lets everything through."""

    name = "off"

    async def wait(self, key: str) -> int:
        """See `RateLimiter`."""
        del key
        return 0


class MemoryRateLimiter:
    """Lets `limit` calls of a key through in any `period` seconds. A call that is refused does not count.

    It remembers `most` keys; beyond that the one that has called least recently is forgotten.
    """

    name = "memory"

    def __init__(self, limit: int, period: int, clock: Clock, most: int = 10_000) -> None:
        """Start with no calls."""
        self._limit = limit
        self._period = timedelta(seconds=period)
        self._clock = clock
        self._most = most
        self._calls: OrderedDict[str, deque[datetime]] = OrderedDict()

    def __len__(self) -> int:
        """How many keys are remembered."""
        return len(self._calls)

    async def wait(self, key: str) -> int:
        """See `RateLimiter`."""
        now = self._clock.now()
        self._make_room(key, now)
        calls = self._calls.setdefault(key, deque(maxlen=self._limit))
        if len(calls) == self._limit and (left := calls[0] + self._period - now) > timedelta():
            return math.ceil(left.total_seconds())
        calls.append(now)
        self._calls.move_to_end(key)
        return 0

    def _make_room(self, key: str, now: datetime) -> None:
        most = self._most - (key not in self._calls)
        while self._calls:
            oldest = next(iter(self._calls.values()))
            if len(self._calls) <= most and now - oldest[-1] < self._period:
                return
            self._calls.popitem(last=False)


class BindingRateLimiter:
    """Cloudflare's rate limiting binding; while it fails, this isolate counts by itself."""

    name = "binding"

    def __init__(
        self,
        binding: Any,
        fallback: RateLimiter,
        timeout: float = BINDING_TIMEOUT,
    ) -> None:
        """Take the binding, and who counts where it throws or takes longer than `timeout` seconds."""
        self._binding = binding
        self._fallback = fallback
        self._timeout = timeout

    async def wait(self, key: str) -> int:
        """See `RateLimiter`. The binding does not say how long, so it is the whole period."""
        try:
            async with asyncio.timeout(self._timeout):
                allowed = (await self._binding.limit({"key": key})).success
        except Exception as error:  # noqa: BLE001 - JavaScript's, of a type that only the runtime knows
            logger.warning("The rate limiter failed (%s), counting in memory", type(error).__name__)
            return await self._fallback.wait(key)
        return 0 if allowed else PERIOD


def get_rate_limiter(env: object, settings: Settings, clock: Clock) -> RateLimiter:
    """The limiter for this environment: the binding `RATE_LIMITER` of `env`, else what `RATE_LIMIT` says."""
    binding = getattr(env, BINDING, None)
    limit, _, period = settings.rate_limit.partition("/")
    counted = MemoryRateLimiter(int(limit), int(period), clock) if period else None
    if binding is None:
        return NoRateLimiter() if counted is None else counted
    return BindingRateLimiter(
        binding, MemoryRateLimiter(LIMIT, PERIOD, clock) if counted is None else counted
    )


async def limit_calls(limiter: RateLimiter, *keys: str) -> None:
    """Count one call of each of `keys`; raises `RateLimited` for the first that has called too often."""
    for key in keys:
        if seconds := await limiter.wait(key):
            raise RateLimited(retry_after=seconds)


def session_key(session_id: str) -> str:
    """The key of a session: a fingerprint."""
    return f"session:{fingerprint(session_id)}"


def client_key(scope: MutableMapping[str, Any]) -> str:
    """The key of who sent a request: a hash of the address, for IPv6 of the network that one customer has.

    In the Workers runtime, whose requests come with `env`, Cloudflare says who it is, and nobody else can;
    elsewhere that header is anybody's, and the connection says it.
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
    return str(ip_network((ip, IPV6_PREFIX), strict=False)) if ip.version == 6 else address
