"""Rate limits: counting in memory and by Cloudflare's binding, and which client a request counts for."""

from __future__ import annotations

import asyncio
import logging
from types import SimpleNamespace
from typing import Any, Literal
from uuid import uuid4

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
from tests.api import Api, client_of, refusal
from tests.clocks import AutoClock, ManualClock, SetBackClock


class Binding:
    """Cloudflare's binding, as a Python Worker sees it.

    Its calls succeed (True) or are refused (False), raise an exception, or never return (None).
    """

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


async def test_limit_applies_to_every_period() -> None:
    clock = ManualClock()
    limiter = MemoryRateLimiter(3, 60, clock)
    waits = []
    for seconds in (0, 10, 10, 10, 29.5, 0.5, 9, 1):
        clock.advance(seconds)
        waits.append(await limiter.check("one"))
    #        at 0  10  20  30  59.5 60  69  70
    assert waits == [0, 0, 0, 30, 1, 0, 1, 0]


async def test_call_passes_after_the_time_to_wait() -> None:
    clock = ManualClock()
    limiter = MemoryRateLimiter(2, 10, clock)
    for _ in range(5):
        await limiter.check("one")
    clock.advance(await limiter.check("one"))
    assert await limiter.check("one") == 0


async def test_clock_that_is_set_back_locks_nobody_out() -> None:
    limiter = MemoryRateLimiter(1, 60, SetBackClock(after=2))
    assert [await limiter.check("one") for _ in range(4)] == [0, 60, 0, 60]


async def test_keys_are_counted_separately() -> None:
    limiter = MemoryRateLimiter(1, 60, ManualClock())
    assert [await limiter.check(key) for key in ("one", "other", "one")] == [0, 0, 60]


async def test_number_of_keys_is_bounded_and_expired_keys_are_dropped() -> None:
    clock = ManualClock()
    limiter = MemoryRateLimiter(2, 60, clock, max_keys=100)
    for number in range(1000):
        await limiter.check(str(number))
    assert len(limiter) == 100
    clock.advance(60)
    await limiter.check("one")
    assert len(limiter) == 1


async def test_least_recently_used_key_is_dropped_first() -> None:
    clock = ManualClock()
    limiter = MemoryRateLimiter(2, 60, clock, max_keys=3)
    for key in ("one", "other", "one", "third", "new"):
        await limiter.check(key)
    assert await limiter.check("one") == 60


async def test_binding_decides_if_there_is_one() -> None:
    binding = Binding([True, False])
    limiter = get_rate_limiter(SimpleNamespace(RATE_LIMITER=binding), Settings(), ManualClock())
    assert limiter.name == "binding"
    assert [await limiter.check("one"), await limiter.check("one")] == [0, PERIOD]
    assert binding.keys == ["one", "one"]


@pytest.mark.parametrize("fault", [RuntimeError("secret"), None])
async def test_failing_binding_is_replaced_by_a_count_in_memory(
    fault: Exception | None, caplog: pytest.LogCaptureFixture
) -> None:
    limiter = BindingRateLimiter(Binding([fault] * 3), MemoryRateLimiter(2, 60, ManualClock()), timeout=0.001)
    assert [await limiter.check("one") for _ in range(3)] == [0, 0, 60]
    assert "The rate limiter failed" in caplog.text
    assert "secret" not in caplog.text


async def test_fallback_has_the_limit_of_the_binding() -> None:
    env = SimpleNamespace(RATE_LIMITER=Binding([RuntimeError()] * (LIMIT + 1)))
    limiter = get_rate_limiter(env, Settings(), ManualClock())
    assert [await limiter.check("one") for _ in range(LIMIT + 1)] == [0] * LIMIT + [PERIOD]


def test_limiter_without_binding_depends_on_the_setting() -> None:
    assert isinstance(get_rate_limiter(None, Settings(), ManualClock()), NoRateLimiter)
    assert isinstance(get_rate_limiter(None, Settings(rate_limit="2/60"), ManualClock()), MemoryRateLimiter)


@pytest.mark.parametrize("environment", ["production", "preview"])
async def test_deployment_without_binding_counts_in_memory_and_says_so(
    environment: Literal["production", "preview"], caplog: pytest.LogCaptureFixture
) -> None:
    limiter = get_rate_limiter(SimpleNamespace(), Settings(environment=environment), ManualClock())
    assert limiter.name == "memory"
    assert [await limiter.check("one") for _ in range(LIMIT + 1)] == [0] * LIMIT + [PERIOD]
    (message,) = caplog.messages
    assert message.startswith("The binding RATE_LIMITER is missing in wrangler.toml")


def scope(client: str | None = None, header: str | None = None, **more: object) -> dict[str, Any]:
    headers = [(b"cf-connecting-ip", header.encode())] if header else []
    return {"headers": headers, "client": (client, 1) if client else None, **more}


def test_client_address_comes_from_cloudflares_header_only_in_a_worker() -> None:
    assert client_key(scope("192.0.2.1", "192.0.2.9")) == client_key(scope("192.0.2.1"))
    assert client_key(scope(header="192.0.2.9", env=object())) == client_key(scope("192.0.2.9"))
    assert client_key(scope("192.0.2.1")) != client_key(scope("192.0.2.2"))
    assert client_key(scope()) == client_key(scope(env=object()))


def test_ipv6_network_is_one_client() -> None:
    assert client_key(scope("2001:db8:1:2::1")) == client_key(scope("2001:db8:1:2:ffff::2"))
    assert client_key(scope("2001:db8:1:2::1")) != client_key(scope("2001:db8:1:3::1"))


def test_ipv4_address_within_ipv6_is_one_client() -> None:
    assert client_key(scope("::ffff:192.0.2.1")) == client_key(scope("192.0.2.1"))
    assert client_key(scope("::ffff:192.0.2.1")) != client_key(scope("::ffff:192.0.2.2"))


def test_keys_contain_neither_session_id_nor_address() -> None:
    session_id = generate_session_id()
    assert session_id not in session_key(session_id)
    assert "192.0.2.1" not in client_key(scope("192.0.2.1"))


async def test_excess_question_is_rejected_with_retry_after() -> None:
    clock = AutoClock()
    api = Api(Settings(rate_limit="3/60"), clock=clock)
    assert [(await api.chat()).status_code for _ in range(3)] == [200, 200, 200]
    stored = await api.kv.get(api.key)
    refused = await api.chat()
    assert refusal(refused) == (429, "rate_limited")
    assert refused.headers["retry-after"] == "54"
    assert len(api.responder.prompts) == 3
    assert await api.kv.get(api.key) == stored
    clock.advance(54)
    assert (await api.chat()).status_code == 200


async def test_client_is_limited_across_its_sessions() -> None:
    api = Api(Settings(rate_limit="2/60"))
    for expected in (200, 200, 429):
        api.session_id = generate_session_id()
        assert (await api.chat()).status_code == expected


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/session"), ("GET", "/session/export"), ("DELETE", "/session"), ("POST", "/session")],
)
async def test_session_calls_are_counted(method: str, path: str) -> None:
    api = Api(Settings(rate_limit="1/60"))
    await api.session(method, path)
    calls = api.kv.reads + api.kv.writes + api.kv.deletes
    assert (await api.session(method, path)).status_code == 429
    assert api.kv.reads + api.kv.writes + api.kv.deletes == calls


async def test_session_is_limited_across_its_clients() -> None:
    api = Api(Settings(rate_limit="1/60"))
    await api.chat()
    api.client = client_of(api.app, "192.0.2.2")
    assert refusal(await api.chat()) == (429, "rate_limited")
    for address, path in (("192.0.2.3", "/session"), ("192.0.2.4", "/session/export")):
        api.client = client_of(api.app, address)
        assert refusal(await api.session(path=path)) == (429, "rate_limited")


async def test_closing_is_not_limited_by_the_session() -> None:
    api = Api(Settings(rate_limit="1/60"))
    await api.chat()
    api.client = client_of(api.app, "192.0.2.2")
    assert (await api.session("DELETE")).status_code == 204


async def test_visitor_who_asks_too_often_can_still_close_the_session() -> None:
    api = Api(Settings(rate_limit="7/60"))
    assert [(await api.chat()).status_code for _ in range(8)] == [200] * 7 + [429]
    assert (await api.session()).status_code == 429
    assert (await api.session("DELETE")).status_code == 204


async def test_turn_in_progress_does_not_count_however_often_it_is_sent_again() -> None:
    api = Api(Settings(rate_limit="3/600"))
    turn: dict[str, object] = {"question": "Hello?", "turnId": str(uuid4())}
    api.responder.released.clear()
    first = asyncio.create_task(api.post_chat(turn))
    await api.responder.asked()
    for _ in range(20):
        assert (await api.post_chat(turn)).json()["code"] == "turn_in_progress"
    api.responder.released.set()
    await first
    assert (await api.post_chat(turn)).json()["repeated"]
    assert (await api.chat()).status_code == 200
    assert (await api.chat()).status_code == 429


async def test_client_address_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    api = Api(Settings(rate_limit="1/60"))
    await api.chat()
    await api.chat()
    assert "127.0.0.1" not in caplog.text
