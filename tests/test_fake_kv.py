"""The fake KV: the contract that it shares with Cloudflare's runtime, the write limit, and expiry."""

from __future__ import annotations

import tracemalloc
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from stores.fake_kv import FakeKV
from stores.kv_errors import KVError
from tests.clocks import AutoClock, ManualClock, TickingClock
from tests.contracts.kv_contract import CHECKS
from tests.contracts.kv_listing import names
from tests.kv_calls import CALLS

if TYPE_CHECKING:
    from datetime import datetime

    from stores.kv_faults import Operation

TOO_MANY = "^KV PUT failed: 429 Too Many Requests$"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def kv(clock: ManualClock) -> FakeKV:
    return FakeKV(clock)


@pytest.mark.parametrize("name", CHECKS)
async def test_contract(name: str) -> None:
    await CHECKS[name](FakeKV(TickingClock()))


@pytest.mark.parametrize("key", ["", ".", "..", "k" * 513])
async def test_get_with_metadata_rejects_illegal_keys(kv: FakeKV, key: str) -> None:
    with pytest.raises(KVError, match=r"[Kk]ey name|key length"):
        await kv.getWithMetadata(key)


async def test_errors_have_their_javascript_name(kv: FakeKV) -> None:
    await kv.put("key", "{")
    for call, name in ((kv.get(""), "TypeError"), (kv.get("key", "json"), "SyntaxError")):
        with pytest.raises(KVError) as caught:
            await call
        assert caught.value.name == name
    with pytest.raises(KVError) as caught:
        await kv.put("key", "", expirationTtl=5)
    assert caught.value.name == "Error"


async def test_lone_surrogates_are_replaced(kv: FakeKV) -> None:
    await kv.put("key\ud800", "a\ud800b")
    assert await kv.get("key\ud801") == "a\ufffdb"
    assert names(await kv.list()) == ["key\ufffd"]


async def test_value_of_25_mib_is_stored(kv: FakeKV) -> None:
    await kv.put("key", bytes(25 * 1024 * 1024))
    assert len(await kv.get("key", "arrayBuffer")) == 25 * 1024 * 1024


async def test_calls_are_counted(kv: FakeKV) -> None:
    await kv.put("key", "value")
    with pytest.raises(KVError):
        await kv.put("key", "value")
    await kv.get("key")
    await kv.getWithMetadata("key")
    await kv.get(["key", "other"])
    await kv.delete("key")
    await kv.list()
    assert (kv.reads, kv.writes, kv.deletes, kv.lists) == (3, 2, 1, 1)


# The limit of one write per second to a key


async def test_second_put_within_a_second_is_rejected(kv: FakeKV, clock: ManualClock) -> None:
    await kv.put("key", "one")
    clock.advance(0.999999)
    with pytest.raises(KVError, match=TOO_MANY):
        await kv.put("key", "two")
    assert await kv.get("key") == "one"
    await kv.put("other", "value")


async def test_put_after_a_second_is_accepted(kv: FakeKV, clock: ManualClock) -> None:
    await kv.put("key", "one")
    clock.advance(0.5)
    with pytest.raises(KVError, match=TOO_MANY):
        await kv.put("key", "rejected")
    clock.advance(0.5)
    await kv.put("key", "two")
    assert await kv.get("key") == "two"


async def test_put_interval_is_configurable(clock: ManualClock) -> None:
    unlimited, slow = (
        FakeKV(clock, put_interval=timedelta()),
        FakeKV(clock, put_interval=timedelta(seconds=5)),
    )
    await unlimited.put("key", "one")
    await unlimited.put("key", "two")
    await slow.put("key", "one")
    clock.advance(4.9)
    with pytest.raises(KVError, match=TOO_MANY):
        await slow.put("key", "two")
    clock.advance(0.1)
    await slow.put("key", "two")


async def test_delete_does_not_reset_the_put_limit(kv: FakeKV) -> None:
    await kv.put("key", "one")
    await kv.delete("key")
    with pytest.raises(KVError, match=TOO_MANY):
        await kv.put("key", "two")


async def test_invalid_put_does_not_count_towards_the_limit(kv: FakeKV) -> None:
    with pytest.raises(KVError, match="Expiration TTL"):
        await kv.put("key", "one", expirationTtl=5)
    await kv.put("key", "two")


async def test_clock_set_back_does_not_block_puts() -> None:
    class AdjustableClock(AutoClock):
        behind = timedelta()

        def now(self) -> datetime:
            return super().now() - self.behind

    clock = AdjustableClock()
    kv = FakeKV(clock)
    await kv.put("key", "one")
    clock.behind = timedelta(hours=1)
    await kv.put("key", "two")
    assert await kv.get("key") == "two"


# Expiry


async def test_entry_expires_at_the_full_second(kv: FakeKV, clock: ManualClock) -> None:
    clock.advance(0.75)
    await kv.put("key", "value", expirationTtl=60)
    clock.advance(59.249999)
    assert await kv.get("key") == "value"
    clock.advance(0.000001)
    assert await kv.get("key") is None
    assert (await kv.getWithMetadata("key"))["value"] is None
    assert names(await kv.list()) == []


async def test_expiration_is_compared_with_the_current_full_second(kv: FakeKV, clock: ManualClock) -> None:
    clock.advance(0.75)
    now = int(clock.now().timestamp())
    with pytest.raises(KVError, match=f"{now}. Please specify integer greater than"):
        await kv.put("key", "value", expiration=now)
    for soon in (now + 1, now + 59):
        with pytest.raises(KVError, match=f"{soon}. Expiration times must be at least 60 seconds"):
            await kv.put("key", "value", expiration=soon)
    await kv.put("key", "value", expiration=now + 60)


async def test_options_dict_takes_precedence_over_keywords(kv: FakeKV) -> None:
    await kv.put("key", "[]", {}, expirationTtl=5)
    assert await kv.get("key", {}, type="json") == "[]"
    assert len((await kv.list({}, limit=1001))["keys"]) == 1


async def test_put_renews_the_expiry(kv: FakeKV, clock: ManualClock) -> None:
    await kv.put("key", "one", expirationTtl=60)
    clock.advance(59)
    await kv.put("key", "two", expirationTtl=60)
    clock.advance(59)
    assert await kv.get("key") == "two"
    clock.advance(1)
    assert await kv.get("key") is None


async def test_put_without_expiry_removes_the_previous_one(kv: FakeKV, clock: ManualClock) -> None:
    await kv.put("key", "one", expirationTtl=60)
    clock.advance(1)
    await kv.put("key", "two")
    clock.advance(10 * 365 * 86400)
    assert await kv.get("key") == "two"


@pytest.mark.parametrize("operation", CALLS)
async def test_any_call_removes_expired_entries(kv: FakeKV, clock: ManualClock, operation: Operation) -> None:
    for number in range(100):
        await kv.put(f"session:{number}", "value", expirationTtl=60 + number)
    await kv.put("key", "stays")
    clock.advance(109)
    await CALLS[operation](kv)
    kept = {f"session:{number}" for number in range(50, 100)} | ({"key"} if operation != "delete" else set())
    assert len(kv) == len(kept)
    assert set(names(await kv.list())) == kept


async def test_memory_does_not_grow_with_abandoned_sessions() -> None:
    clock = AutoClock()
    kv = FakeKV(clock)

    async def visit(visitors: range) -> int:
        for visitor in visitors:
            clock.advance(10)
            await kv.put(f"session:{visitor}", "value" * 100, expirationTtl=3600)
            clock.advance(1)
            await kv.put("busy", "value", expirationTtl=86400)
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    try:
        before = await visit(range(1000))
        after = await visit(range(1000, 5000))
    finally:
        tracemalloc.stop()
    assert after - before < 50_000  # 4,000 sessions take 2.4 MB, and their expiries alone 500 kB
    assert len(kv) < 400
