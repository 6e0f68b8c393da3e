"""The session stores: their contract, what happens when KV fails, and which of them is chosen."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from types import SimpleNamespace

import pytest

from errors import ConfigurationError, StorageError
from session_id import generate_session_id, short_fingerprint
from session_storage import InMemorySessionStorage, KVSessionStorage, get_session_storage
from settings import Settings
from stores.fake_kv import FakeKV
from stores.kv_faults import KVFaults
from tests.clocks import ManualClock, TickingClock
from tests.contracts import amendments_contract, kv_storage_contract, storage_contract
from tests.contracts.kv_storage_contract import KVStore
from tests.contracts.storage_contract import Store


@pytest.mark.parametrize("name", kv_storage_contract.CHECKS)
async def test_contract_on_the_fake_kv(name: str) -> None:
    await kv_storage_contract.CHECKS[name](FakeKV(TickingClock(tick=1)))


IN_MEMORY = {**storage_contract.CHECKS, **amendments_contract.CHECKS}


@pytest.mark.parametrize("name", IN_MEMORY)
async def test_contract_in_memory(name: str) -> None:
    await IN_MEMORY[name](partial(Store, InMemorySessionStorage))


@pytest.mark.parametrize(
    ("operation", "arguments", "calls"),
    [
        ("get_session", (), (3, 0, 0)),
        ("get_conversation_history", (), (3, 0, 0)),
        ("open_session", (), (2, 0, 0)),
        ("is_closed", (), (3, 0, 0)),
        ("create_session", (), (0, 1, 0)),
        ("close_session", (), (2, 1, 1)),
        ("add_message", ("user", "Hello"), (2, 1, 0)),
        ("delete_session", (), (0, 0, 2)),
    ],
)
async def test_kv_calls_of_each_operation(
    operation: str, arguments: tuple[str, ...], calls: tuple[int, int, int]
) -> None:
    kv = FakeKV(ManualClock())
    store = KVStore(kv)
    await getattr(store.storage, operation)(store.id, *arguments)
    assert (kv.reads, kv.writes, kv.deletes) == calls


async def test_session_is_looked_for_under_its_earlier_key_only_if_one_is_expected() -> None:
    kv = FakeKV(TickingClock())
    store = KVStore(kv)
    await store.storage.open_session(store.id)
    assert kv.reads == 2
    await store.storage.open_session(store.id, expected=True)
    assert kv.reads == 5


async def test_session_and_note_are_read_at_the_same_time() -> None:
    clock = ManualClock()
    faults = KVFaults(slowness=1)
    store = KVStore(FakeKV(clock, faults))
    reading = asyncio.create_task(store.storage.open_session(store.id))
    await clock.sleeping(2)
    clock.advance(1)
    assert (await reading).turn == 0


async def test_kv_expires_the_key_after_the_ttl() -> None:
    clock = ManualClock()
    kv = FakeKV(clock)
    store = KVStore(kv)
    await store.exchange(1)
    clock.advance(3599)
    assert await kv.get(store.key) is not None
    clock.advance(1)
    assert await kv.get(store.key) is None


async def test_unreadable_value_is_logged_without_id_or_content(caplog: pytest.LogCaptureFixture) -> None:
    kv = FakeKV(ManualClock())
    store = KVStore(kv)
    await kv.put(store.key, "{broken secret", expirationTtl=60)
    assert await store.storage.get_session(store.id) is None
    assert f"Session {short_fingerprint(store.id)}: ignored an unreadable value" in caplog.text
    assert "secret" not in caplog.text
    assert store.id not in caplog.text


@pytest.mark.parametrize("operation", ["get", "put", "delete"])
async def test_failing_kv_raises_storage_error_and_changes_nothing(operation: str) -> None:
    faults = KVFaults()
    kv = FakeKV(TickingClock(), faults)
    store = KVStore(kv)
    await store.exchange(1)
    before = await kv.get(store.key)
    faults.fail(operation, RuntimeError("KV failed"))  # type: ignore[arg-type]  # one of three literals
    with pytest.raises(StorageError):
        await (store.storage.delete_session(store.id) if operation == "delete" else store.exchange(2))
    assert await kv.get(store.key) == before


async def test_second_write_within_a_second_raises_storage_error() -> None:
    store = KVStore(FakeKV(ManualClock()))
    await store.exchange(1)
    with pytest.raises(StorageError):
        await store.exchange(2)
    assert await store.contents() == ["question 1", "answer 1"]


@pytest.mark.parametrize("operation", ["get", "put", "delete"])
async def test_hanging_kv_raises_storage_error(operation: str) -> None:
    faults = KVFaults()
    store = KVStore(FakeKV(ManualClock(), faults), storage_timeout_seconds=0.01)
    faults.hanging.add(operation)  # type: ignore[arg-type]  # one of three literals
    with pytest.raises(StorageError):
        await (store.storage.delete_session(store.id) if operation == "delete" else store.exchange(1))


async def test_memory_removes_expired_sessions_at_the_next_write() -> None:
    clock = ManualClock()
    storage = InMemorySessionStorage(Settings(session_ttl_seconds=60), clock)
    for _ in range(3):
        await storage.create_session(generate_session_id())
    clock.advance(60)
    await storage.create_session(generate_session_id())
    assert len(storage) == 1


def test_kv_is_chosen_if_there_is_a_binding() -> None:
    env = SimpleNamespace(VOICE_SESSIONS=FakeKV(ManualClock()))
    assert type(get_session_storage(env)) is KVSessionStorage


def test_memory_is_chosen_and_logged_without_a_binding(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    assert isinstance(get_session_storage(SimpleNamespace()), InMemorySessionStorage)
    assert caplog.messages == ["Using in-memory storage for local development"]


def test_production_without_a_binding_raises_configuration_error() -> None:
    with pytest.raises(ConfigurationError, match="VOICE_SESSIONS"):
        get_session_storage(SimpleNamespace(), Settings(environment="production"))
