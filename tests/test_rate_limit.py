"""Rate limits: the count in memory, Cloudflare's binding, and whom a limit is for."""

from __future__ import annotations

import asyncio
import logging
from types import SimpleNamespace
from typing import Any

import pytest

from rate_limit import (
    LIMIT,
    PERIOD,
    BindingRateLimiter,
    MemoryRateLimiter,
    NoRateLimiter,
    client_key,
    get_rate_limiter,
    session_key,
)
from session_id import generate_session_id
from settings import Settings
from tests.api import Api
from tests.clocks import AutoClock, ManualClock


class Binding:
    """Cloudflare's binding, as a Python Worker sees it."""

    def __init__(self, outcomes: list[Any]) -> None:
        self.outcomes = outcomes
        self.keys: list[str] = []

    async def limit(self, options: dict[str, str]) -> SimpleNamespace:
        self.keys.append(options["key"])
        outcome = self.outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        if outcome is None:
            await asyncio.get_running_loop().create_future()
        return SimpleNamespace(success=outcome)


async def test_lets_so_many_calls_through_in_any_period() -> None:
    clock = ManualClock()
    limiter = MemoryRateLimiter(3, 60, clock)
    waits = []
    for seconds in (0, 10, 10, 10, 29.5, 0.5, 9, 1):
        clock.advance(seconds)
        waits.append(await limiter.check("one"))
    #        at 0  10  20  30  59.5 60  69  70
    assert waits == [0, 0, 0, 30, 1, 0, 1, 0]


async def test_who_waits_as_told_is_let_through() -> None:
    clock = ManualClock()
    limiter = MemoryRateLimiter(2, 10, clock)
    for _ in range(5):
        await limiter.check("one")
    clock.advance(await limiter.check("one"))
    assert await limiter.check("one") == 0


async def test_keys_are_counted_apart() -> None:
    limiter = MemoryRateLimiter(1, 60, ManualClock())
    assert [await limiter.check(key) for key in ("one", "other", "one")] == [0, 0, 60]


async def test_memory_is_bounded_and_given_back() -> None:
    clock = ManualClock()
    limiter = MemoryRateLimiter(2, 60, clock, max_keys=100)
    for number in range(1000):
        await limiter.check(str(number))
    assert len(limiter) == 100
    clock.advance(60)
    await limiter.check("one")
    assert len(limiter) == 1


async def test_who_has_called_least_recently_is_forgotten_first() -> None:
    clock = ManualClock()
    limiter = MemoryRateLimiter(2, 60, clock, max_keys=3)
    for key in ("one", "other", "one", "third", "new"):
        await limiter.check(key)
    assert await limiter.check("one") == 60


async def test_the_binding_decides_where_there_is_one() -> None:
    binding = Binding([True, False])
    limiter = get_rate_limiter(SimpleNamespace(RATE_LIMITER=binding), Settings(), ManualClock())
    assert limiter.name == "binding"
    assert [await limiter.check("one"), await limiter.check("one")] == [0, PERIOD]
    assert binding.keys == ["one", "one"]


@pytest.mark.parametrize("fault", [RuntimeError("secret"), None])
async def test_a_binding_that_fails_is_neither_open_nor_closed(
    fault: Exception | None, caplog: pytest.LogCaptureFixture
) -> None:
    limiter = BindingRateLimiter(Binding([fault] * 3), MemoryRateLimiter(2, 60, ManualClock()), timeout=0.001)
    assert [await limiter.check("one") for _ in range(3)] == [0, 0, 60]
    assert "The rate limiter failed" in caplog.text
    assert "secret" not in caplog.text


async def test_the_fallback_counts_as_wrangler_toml_does() -> None:
    env = SimpleNamespace(RATE_LIMITER=Binding([RuntimeError()] * (LIMIT + 1)))
    limiter = get_rate_limiter(env, Settings(), ManualClock())
    assert [await limiter.check("one") for _ in range(LIMIT + 1)] == [0] * LIMIT + [PERIOD]


def test_off_without_binding_or_setting() -> None:
    assert isinstance(get_rate_limiter(None, Settings(), ManualClock()), NoRateLimiter)
    assert isinstance(get_rate_limiter(None, Settings(rate_limit="2/60"), ManualClock()), MemoryRateLimiter)


def scope(client: str | None = None, header: str | None = None, **more: object) -> dict[str, Any]:
    headers = [(b"cf-connecting-ip", header.encode())] if header else []
    return {"headers": headers, "client": (client, 1) if client else None, **more}


def test_cloudflare_says_who_a_client_is_and_elsewhere_nobody_may() -> None:
    assert client_key(scope("192.0.2.1", "192.0.2.9")) == client_key(scope("192.0.2.1"))
    assert client_key(scope(header="192.0.2.9", env=object())) == client_key(scope("192.0.2.9"))
    assert client_key(scope("192.0.2.1")) != client_key(scope("192.0.2.2"))
    assert client_key(scope()) == client_key(scope(env=object()))


def test_one_customer_has_a_whole_ipv6_network() -> None:
    assert client_key(scope("2001:db8:1:2::1")) == client_key(scope("2001:db8:1:2:ffff::2"))
    assert client_key(scope("2001:db8:1:2::1")) != client_key(scope("2001:db8:1:3::1"))


def test_keys_hold_neither_id_nor_address() -> None:
    session_id = generate_session_id()
    assert session_id not in session_key(session_id)
    assert "192.0.2.1" not in client_key(scope("192.0.2.1"))


async def test_too_many_questions_are_refused_with_the_time_to_wait() -> None:
    clock = AutoClock()
    api = Api(Settings(rate_limit="3/60"), clock=clock)
    assert [(await api.chat()).status_code for _ in range(3)] == [200, 200, 200]
    stored = await api.kv.get(f"session:{api.session_id}")
    refused = await api.chat()
    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
    assert refused.headers["retry-after"] == "54"
    assert len(api.responder.prompts) == 3
    assert await api.kv.get(f"session:{api.session_id}") == stored
    clock.advance(54)
    assert (await api.chat()).status_code == 200


async def test_a_client_with_many_sessions_is_one_client() -> None:
    api = Api(Settings(rate_limit="2/60"))
    for expected in (200, 200, 429):
        api.session_id = generate_session_id()
        assert (await api.chat()).status_code == expected


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/session"), ("GET", "/session/export"), ("DELETE", "/session"), ("POST", "/session")],
)
async def test_every_call_that_costs_something_is_counted(method: str, path: str) -> None:
    api = Api(Settings(rate_limit="1/60"))
    await api.session(method, path)
    assert (await api.session(method, path)).status_code == 429
    assert api.kv.reads + api.kv.writes <= 1


async def test_config_and_health_cost_nothing() -> None:
    api = Api(Settings(rate_limit="1/60"))
    for path in ("/config", "/health", "/health"):
        assert (await api.client.get(path)).status_code == 200
    assert (await api.client.get("/health")).json()["rateLimit"] == "memory"


async def test_a_session_that_asks_too_often_can_still_be_closed() -> None:
    api = Api(Settings(rate_limit="1/60"))
    await api.services.rate_limiter.check(session_key(api.session_id))
    assert (await api.session()).status_code == 429
    api.services.rate_limiter._calls.clear()  # type: ignore[attr-defined]  # noqa: SLF001 - another client
    await api.services.rate_limiter.check(session_key(api.session_id))
    assert (await api.session("DELETE")).status_code == 204


async def test_addresses_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    api = Api(Settings(rate_limit="1/60"))
    await api.chat()
    await api.chat()
    assert "127.0.0.1" not in caplog.text
