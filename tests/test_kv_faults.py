"""The faults of the fake KV: stale, slow, hanging, failing and corrupt."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stores.fake_kv import FakeKV
from stores.kv_errors import KVError
from stores.kv_faults import KVFaults, Operation
from tests.clocks import START, ManualClock
from tests.contracts.kv_listing import names
from tests.kv_calls import CALLS

if TYPE_CHECKING:
    from datetime import datetime

TOO_MANY = "^KV PUT failed: 429 Too Many Requests$"


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def faults() -> KVFaults:
    return KVFaults()


@pytest.fixture
def kv(clock: ManualClock, faults: KVFaults) -> FakeKV:
    return FakeKV(clock, faults)


async def test_stale_read_misses_a_new_key(kv: FakeKV, clock: ManualClock, faults: KVFaults) -> None:
    faults.staleness = 60
    await kv.put("key", "value", metadata="metadata")
    clock.advance(59.9)
    assert await kv.get("key") is None
    assert (await kv.getWithMetadata("key"))["metadata"] is None
    assert await kv.get(["key"]) == {"key": None}
    clock.advance(0.1)
    assert await kv.get("key") == "value"


async def test_stale_read_finds_an_earlier_value(kv: FakeKV, clock: ManualClock, faults: KVFaults) -> None:
    await kv.put("key", "one")
    clock.advance(5)
    await kv.put("key", "two")
    clock.advance(5)
    await kv.delete("key")
    assert await kv.get("key") is None
    faults.staleness = 1
    assert await kv.get("key") == "two"
    faults.staleness = 0
    assert await kv.get("key") is None


@given(st.lists(st.tuples(st.floats(1, 40), st.booleans()), max_size=20), st.floats(0, 100))
def test_stale_read_equals_a_read_at_the_earlier_time(
    writes: list[tuple[float, bool]], staleness: float
) -> None:
    async def run() -> None:
        clock, faults = ManualClock(), KVFaults(staleness=staleness)
        kv = FakeKV(clock, faults)
        history: list[tuple[datetime, str | None]] = [(START - timedelta(days=1), None)]
        for number, (seconds, deletes) in enumerate(writes):
            clock.advance(seconds)
            await (kv.delete("key") if deletes else kv.put("key", str(number)))
            history.append((clock.now(), None if deletes else str(number)))
            seen_at = clock.now() - timedelta(seconds=staleness)
            assert await kv.get("key") == [text for moment, text in history if moment <= seen_at][-1]

    asyncio.run(run())


async def test_stale_read_misses_an_expired_value(kv: FakeKV, clock: ManualClock, faults: KVFaults) -> None:
    faults.staleness = 100
    await kv.put("key", "one", expirationTtl=150)
    clock.advance(120)
    await kv.put("key", "two")
    assert await kv.get("key") == "one"
    clock.advance(30)
    assert await kv.get("key") is None
    clock.advance(70)
    assert await kv.get("key") == "two"


@pytest.mark.parametrize("operation", CALLS)
async def test_slow_operation_is_delayed(
    kv: FakeKV, clock: ManualClock, faults: KVFaults, operation: Operation
) -> None:
    faults.slowness = 2.5
    call = asyncio.ensure_future(CALLS[operation](kv))
    await clock.sleeping()
    clock.advance(2.4)
    await asyncio.sleep(0)
    assert not call.done()
    clock.advance(0.1)
    await call


@pytest.mark.parametrize("operation", CALLS)
async def test_hanging_operation_never_returns(
    kv: FakeKV, clock: ManualClock, faults: KVFaults, operation: Operation
) -> None:
    faults.hanging.add(operation)
    call = asyncio.ensure_future(CALLS[operation](kv))
    for other in CALLS.keys() - {operation}:
        await CALLS[other](kv)
    clock.advance(10**6)
    await asyncio.sleep(0)
    assert not call.done()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    faults.hanging.clear()
    clock.advance(1)
    await CALLS[operation](kv)


async def test_refused_puts_raise_429(kv: FakeKV, faults: KVFaults) -> None:
    faults.refused_puts = 2
    for key in ("a", "b"):
        assert await kv.get(key) is None
        await kv.delete(key)
        assert names(await kv.list()) == []
        with pytest.raises(KVError, match=TOO_MANY):
            await kv.put(key, "value")
    await kv.put("a", "value")
    assert names(await kv.list()) == ["a"]


@pytest.mark.parametrize("operation", CALLS)
async def test_fail_queues_errors_per_operation(kv: FakeKV, faults: KVFaults, operation: Operation) -> None:
    first, second = KVError("KV failed: 500 first"), RuntimeError("second")
    faults.fail(operation, first, times=2)
    faults.fail(operation, second)
    for other in CALLS.keys() - {operation}:
        await CALLS[other](kv)
    raised = []
    for _ in range(3):
        with pytest.raises((KVError, RuntimeError)) as caught:
            await CALLS[operation](kv)
        raised.append(caught.value)
    assert raised == [first, first, second]


async def test_failed_put_stores_nothing(kv: FakeKV, faults: KVFaults) -> None:
    faults.fail("put", KVError("KV PUT failed: 500 Internal Server Error"))
    with pytest.raises(KVError, match="500"):
        await kv.put("key", "value")
    assert (len(kv), kv.writes) == (0, 1)
    await kv.put("key", "value")


async def test_corruption_affects_reads_only(kv: FakeKV, faults: KVFaults) -> None:
    await kv.put("key", '{"turn": 1}', metadata="kept")
    faults.corruption = lambda value: value[:5]
    assert await kv.get("key") == '{"tur'
    assert await kv.getWithMetadata("key") == {"value": '{"tur', "metadata": "kept", "cacheStatus": None}
    assert await kv.get("missing") is None
    with pytest.raises(KVError, match="JSON"):
        await kv.get("key", "json")
    faults.corruption = None
    assert await kv.get("key", "json") == {"turn": 1}
