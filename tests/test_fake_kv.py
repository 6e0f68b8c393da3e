"""The fake KV: the contract that it shares with Cloudflare's runtime, then what only the fake can show."""

from __future__ import annotations

import asyncio
import tracemalloc
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stores.fake_kv import FakeKV
from stores.kv_errors import KVError
from stores.kv_faults import KVFaults, Operation
from tests.clocks import START, AutoClock, ManualClock, TickingClock
from tests.contracts.kv_contract import CHECKS
from tests.contracts.kv_pages import names

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from stores.kv import KVNamespace

TOO_MANY = "^KV PUT failed: 429 Too Many Requests$"
OPERATIONS: dict[Operation, Callable[[FakeKV], Awaitable[Any]]] = {
    "get": lambda kv: kv.get("key"),
    "put": lambda kv: kv.put("key", "value"),
    "delete": lambda kv: kv.delete("key"),
    "list": lambda kv: kv.list(),
}


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def faults() -> KVFaults:
    return KVFaults()


@pytest.fixture
def kv(clock: ManualClock, faults: KVFaults) -> FakeKV:
    return FakeKV(clock, faults)


@pytest.mark.parametrize("name", CHECKS)
async def test_contract(name: str) -> None:
    await CHECKS[name](FakeKV(TickingClock()))


async def test_is_a_kv_namespace(kv: FakeKV) -> None:
    binding: KVNamespace = kv
    await binding.put("key", "value", expirationTtl=60)
    assert await binding.get("key") == "value"


@pytest.mark.parametrize("key", ["", ".", "..", "k" * 513])
async def test_get_with_metadata_refuses_illegal_keys(kv: FakeKV, key: str) -> None:
    with pytest.raises(KVError, match=r"[Kk]ey name|key length"):
        await kv.getWithMetadata(key)


async def test_errors_carry_the_name_that_javascript_gives_them(kv: FakeKV) -> None:
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


async def test_a_value_of_exactly_25_mib_is_stored(kv: FakeKV) -> None:
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


# One write a second to a key


async def test_a_second_put_within_a_second_is_refused(kv: FakeKV, clock: ManualClock) -> None:
    await kv.put("key", "one")
    clock.advance(0.999999)
    with pytest.raises(KVError, match=TOO_MANY):
        await kv.put("key", "two")
    assert await kv.get("key") == "one"
    await kv.put("other", "value")


async def test_a_put_a_second_later_is_taken(kv: FakeKV, clock: ManualClock) -> None:
    await kv.put("key", "one")
    clock.advance(0.5)
    with pytest.raises(KVError, match=TOO_MANY):
        await kv.put("key", "refused")
    clock.advance(0.5)
    await kv.put("key", "two")
    assert await kv.get("key") == "two"


async def test_the_interval_between_puts_can_be_set(clock: ManualClock) -> None:
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


async def test_a_delete_does_not_make_room_for_a_put(kv: FakeKV) -> None:
    await kv.put("key", "one")
    await kv.delete("key")
    with pytest.raises(KVError, match=TOO_MANY):
        await kv.put("key", "two")


async def test_a_put_that_broke_a_rule_does_not_count(kv: FakeKV) -> None:
    with pytest.raises(KVError, match="Expiration TTL"):
        await kv.put("key", "one", expirationTtl=5)
    await kv.put("key", "two")


async def test_a_clock_that_was_set_back_blocks_no_key() -> None:
    class MachineClock(AutoClock):
        behind = timedelta()

        def now(self) -> datetime:
            return super().now() - self.behind

    clock = MachineClock()
    kv = FakeKV(clock)
    await kv.put("key", "one")
    clock.behind = timedelta(hours=1)
    await kv.put("key", "two")
    assert await kv.get("key") == "two"


# Expiry


async def test_an_entry_expires_at_its_second(kv: FakeKV, clock: ManualClock) -> None:
    clock.advance(0.75)
    await kv.put("key", "value", expirationTtl=60)
    clock.advance(59.249999)
    assert await kv.get("key") == "value"
    clock.advance(0.000001)
    assert await kv.get("key") is None
    assert (await kv.getWithMetadata("key"))["value"] is None
    assert names(await kv.list()) == []


async def test_an_expiration_is_compared_with_the_second_that_it_is(kv: FakeKV, clock: ManualClock) -> None:
    clock.advance(0.75)
    now = int(clock.now().timestamp())
    with pytest.raises(KVError, match=f"{now}. Please specify integer greater than"):
        await kv.put("key", "value", expiration=now)
    for soon in (now + 1, now + 59):
        with pytest.raises(KVError, match=f"{soon}. Expiration times must be at least 60 seconds"):
            await kv.put("key", "value", expiration=soon)
    await kv.put("key", "value", expiration=now + 60)


async def test_a_dict_of_options_goes_before_keywords(kv: FakeKV) -> None:
    await kv.put("key", "[]", {}, expirationTtl=5)
    assert await kv.get("key", {}, type="json") == "[]"
    assert len((await kv.list({}, limit=1001))["keys"]) == 1


async def test_a_put_renews_the_expiry(kv: FakeKV, clock: ManualClock) -> None:
    await kv.put("key", "one", expirationTtl=60)
    clock.advance(59)
    await kv.put("key", "two", expirationTtl=60)
    clock.advance(59)
    assert await kv.get("key") == "two"
    clock.advance(1)
    assert await kv.get("key") is None


async def test_a_put_without_expiry_stays(kv: FakeKV, clock: ManualClock) -> None:
    await kv.put("key", "one", expirationTtl=60)
    clock.advance(1)
    await kv.put("key", "two")
    clock.advance(10 * 365 * 86400)
    assert await kv.get("key") == "two"


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_any_call_removes_what_has_expired(
    kv: FakeKV, clock: ManualClock, operation: Operation
) -> None:
    for number in range(100):
        await kv.put(f"session:{number}", "value", expirationTtl=60 + number)
    await kv.put("key", "stays")
    clock.advance(109)
    await OPERATIONS[operation](kv)
    held = {f"session:{number}" for number in range(50, 100)} | ({"key"} if operation != "delete" else set())
    assert len(kv) == len(held)
    assert set(names(await kv.list())) == held


async def test_memory_does_not_grow_with_sessions_that_nobody_reads_again() -> None:
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
    assert after - before < 50_000  # four thousand sessions would be 2.4 MB, their expiries alone 500 kB
    assert len(kv) < 400


# Faults


async def test_a_stale_read_misses_a_new_key(kv: FakeKV, clock: ManualClock, faults: KVFaults) -> None:
    faults.staleness = 60
    await kv.put("key", "value", metadata="metadata")
    clock.advance(59.9)
    assert await kv.get("key") is None
    assert (await kv.getWithMetadata("key"))["metadata"] is None
    assert await kv.get(["key"]) == {"key": None}
    clock.advance(0.1)
    assert await kv.get("key") == "value"


async def test_a_stale_read_finds_what_was_there_before(
    kv: FakeKV, clock: ManualClock, faults: KVFaults
) -> None:
    await kv.put("key", "one")
    clock.advance(5)
    await kv.put("key", "two")
    clock.advance(5)
    await kv.delete("key")
    assert await kv.get("key") is None
    found = {}
    for staleness in (1, 6, 11):
        faults.staleness = staleness
        found[staleness] = await kv.get("key")
    assert found[1] == "two"
    faults.staleness = 0
    assert await kv.get("key") is None


async def test_stale_reads_follow_the_writes(kv: FakeKV, clock: ManualClock, faults: KVFaults) -> None:
    faults.staleness = 10
    found = []
    for number in range(8):
        await kv.put("key", str(number))
        clock.advance(4)
        found.append(await kv.get("key"))
    assert found == [None, None, "0", "1", "2", "3", "4", "5"]


async def test_a_stale_read_finds_nothing_that_has_expired(
    kv: FakeKV, clock: ManualClock, faults: KVFaults
) -> None:
    faults.staleness = 100
    await kv.put("key", "one", expirationTtl=150)
    clock.advance(120)
    await kv.put("key", "two")
    assert await kv.get("key") == "one"
    clock.advance(30)
    assert await kv.get("key") is None
    clock.advance(70)
    assert await kv.get("key") == "two"


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_a_slow_kv_takes_its_time(
    kv: FakeKV, clock: ManualClock, faults: KVFaults, operation: Operation
) -> None:
    faults.slowness = 2.5
    call = asyncio.ensure_future(OPERATIONS[operation](kv))
    await clock.sleeping()
    clock.advance(2.4)
    await asyncio.sleep(0)
    assert not call.done()
    clock.advance(0.1)
    await call


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_a_hanging_operation_never_returns(
    kv: FakeKV, clock: ManualClock, faults: KVFaults, operation: Operation
) -> None:
    faults.hanging.add(operation)
    call = asyncio.ensure_future(OPERATIONS[operation](kv))
    for other in OPERATIONS.keys() - {operation}:
        await OPERATIONS[other](kv)
    clock.advance(10**6)
    await asyncio.sleep(0)
    assert not call.done()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    faults.hanging.clear()
    clock.advance(1)
    await OPERATIONS[operation](kv)


async def test_the_next_puts_are_refused(kv: FakeKV, faults: KVFaults) -> None:
    faults.refused_puts = 2
    for key in ("a", "b"):
        assert await kv.get(key) is None
        await kv.delete(key)
        assert names(await kv.list()) == []
        with pytest.raises(KVError, match=TOO_MANY):
            await kv.put(key, "value")
    await kv.put("a", "value")
    assert names(await kv.list()) == ["a"]


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_the_next_operations_of_a_kind_fail(kv: FakeKV, faults: KVFaults, operation: Operation) -> None:
    first, second = KVError("KV failed: 500 first"), RuntimeError("second")
    faults.fail(operation, first, times=2)
    faults.fail(operation, second)
    for other in OPERATIONS.keys() - {operation}:
        await OPERATIONS[other](kv)
    raised = []
    for _ in range(3):
        with pytest.raises((KVError, RuntimeError)) as caught:
            await OPERATIONS[operation](kv)
        raised.append(caught.value)
    assert raised == [first, first, second]


async def test_a_failed_put_stores_nothing(kv: FakeKV, faults: KVFaults) -> None:
    faults.fail("put", KVError("KV PUT failed: 500 Internal Server Error"))
    with pytest.raises(KVError, match="500"):
        await kv.put("key", "value")
    assert (len(kv), kv.writes) == (0, 1)
    await kv.put("key", "value")


async def test_reads_are_corrupted_and_what_is_stored_is_not(kv: FakeKV, faults: KVFaults) -> None:
    await kv.put("key", '{"turn": 1}', metadata="kept")
    faults.corruption = lambda value: value[:5]
    assert await kv.get("key") == '{"tur'
    assert await kv.getWithMetadata("key") == {"value": '{"tur', "metadata": "kept", "cacheStatus": None}
    assert await kv.get("missing") is None
    with pytest.raises(KVError, match="JSON"):
        await kv.get("key", "json")
    faults.corruption = None
    assert await kv.get("key", "json") == {"turn": 1}


# Against a model

KEYS = st.sampled_from(["a", "ab", "b", "b:1", "ä"])
STEPS = st.one_of(
    st.tuples(
        st.just("put"),
        KEYS,
        st.text(max_size=5),
        st.one_of(st.none(), st.integers(60, 200)),
        st.one_of(st.none(), st.integers()),
    ),
    st.tuples(st.just("delete"), KEYS),
    st.tuples(st.just("advance"), st.one_of(st.floats(0, 2), st.floats(0, 100))),
)


class Model:
    """What a KV namespace holds, in the plainest way: everything is looked at each time."""

    def __init__(self) -> None:
        self.time = START
        self.held: dict[str, tuple[str, int | None, int | None]] = {}
        self.put_at: dict[str, datetime] = {}

    def live(self) -> dict[str, tuple[str, int | None, int | None]]:
        now = self.time.timestamp()
        return {key: entry for key, entry in self.held.items() if entry[1] is None or entry[1] > now}

    def put(self, key: str, text: str, ttl: int | None, metadata: int | None) -> bool:
        if key in self.put_at and self.time - self.put_at[key] < timedelta(seconds=1):
            return False
        self.put_at[key] = self.time
        expiration = None if ttl is None else int(self.time.timestamp()) + ttl
        self.held[key] = (text, expiration, metadata)
        return True


async def take(step: Any, kv: FakeKV, clock: ManualClock, model: Model) -> None:
    match step:
        case ("advance", seconds):
            clock.advance(seconds)
            model.time = clock.now()
        case ("delete", key):
            await kv.delete(key)
            model.held.pop(key, None)
        case ("put", key, text, ttl, metadata):
            options = {} if ttl is None else {"expirationTtl": ttl}
            taken = model.put(key, text, ttl, metadata)
            try:
                await kv.put(key, text, {**options, "metadata": metadata})
            except KVError:
                assert not taken
            else:
                assert taken


async def paged(kv: FakeKV, prefix: str, limit: int) -> list[dict[str, Any]]:
    page = await kv.list(prefix=prefix, limit=limit)
    keys = list(page["keys"])
    while not page["list_complete"]:
        assert len(page["keys"]) == limit
        page = await kv.list(prefix=prefix, limit=limit, cursor=page["cursor"])
        keys += page["keys"]
    return keys


async def compare(kv: FakeKV, model: Model, prefix: str, limit: int) -> None:
    live = model.live()
    for key in ("a", "ab", "b", "b:1", "ä"):
        text, _, metadata = live.get(key, (None, None, None))
        assert await kv.get(key) == text
        assert await kv.getWithMetadata(key) == {"value": text, "metadata": metadata, "cacheStatus": None}
    assert len(kv) == len(live)
    assert await paged(kv, prefix, limit) == [
        {"name": key}
        | ({} if live[key][1] is None else {"expiration": live[key][1]})
        | ({} if live[key][2] is None else {"metadata": live[key][2]})
        for key in sorted(live)
        if key.startswith(prefix)
    ]


@given(st.lists(STEPS, max_size=30), st.sampled_from(["", "a", "b", "b:"]), st.integers(1, 3))
def test_behaves_like_the_model(steps: list[Any], prefix: str, limit: int) -> None:
    async def play() -> None:
        clock, model = ManualClock(), Model()
        kv = FakeKV(clock)
        for step in steps:
            await take(step, kv, clock, model)
            await compare(kv, model, prefix, limit)

    asyncio.run(play())


@given(st.lists(st.tuples(st.floats(1, 40), st.booleans()), max_size=20), st.floats(0, 100))
def test_a_stale_read_gives_what_an_earlier_read_gave(
    writes: list[tuple[float, bool]], staleness: float
) -> None:
    async def play() -> None:
        clock, faults = ManualClock(), KVFaults(staleness=staleness)
        kv = FakeKV(clock, faults)
        history: list[tuple[datetime, str | None]] = [(START - timedelta(days=1), None)]
        for number, (seconds, deletes) in enumerate(writes):
            clock.advance(seconds)
            await (kv.delete("key") if deletes else kv.put("key", str(number)))
            history.append((clock.now(), None if deletes else str(number)))
            seen_at = clock.now() - timedelta(seconds=staleness)
            assert await kv.get("key") == [text for moment, text in history if moment <= seen_at][-1]

    asyncio.run(play())
