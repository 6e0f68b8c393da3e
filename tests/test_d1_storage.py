"""The session store in D1: its contract on the shim, and what is peculiar to it."""

from __future__ import annotations

import logging
from types import SimpleNamespace

import pytest

from errors import StorageError
from session_storage import D1SessionStorage, get_session_storage
from stores.d1_errors import D1Error
from stores.d1_faults import NETWORK_LOST, D1Faults, Operation
from stores.d1_sqlite import SqliteDatabase
from stores.fake_d1 import FakeD1
from stores.fake_kv import FakeKV
from tests.clocks import ManualClock
from tests.contracts import d1_storage_contract
from tests.contracts.d1_storage_contract import D1Store
from tests.d1 import fake_d1


@pytest.mark.parametrize("name", d1_storage_contract.CHECKS)
async def test_contract(name: str) -> None:
    await d1_storage_contract.CHECKS[name](fake_d1(ManualClock()))


async def test_exchange_is_one_query_and_one_batch() -> None:
    d1 = fake_d1(ManualClock())
    store = D1Store(d1)
    for owner in (None, store.owner, store.owner):
        d1.calls.clear()
        await store.append("question", owner=owner)
        assert d1.calls == {"all": 1, "batch": 1}


@pytest.mark.parametrize("operation", ["all", "batch"])
async def test_error_of_d1_is_a_storage_error_and_one_line(
    operation: Operation, caplog: pytest.LogCaptureFixture
) -> None:
    faults = D1Faults()
    store = D1Store(fake_d1(ManualClock(), faults))
    faults.fail(operation, NETWORK_LOST)
    with pytest.raises(StorageError):
        await store.append("question")
    assert caplog.messages == [f"D1_ERROR: {NETWORK_LOST}"]


@pytest.mark.parametrize("operation", ["all", "batch"])
async def test_operation_that_hangs_is_given_up(
    operation: Operation, caplog: pytest.LogCaptureFixture
) -> None:
    faults = D1Faults()
    store = D1Store(fake_d1(ManualClock(), faults), storage_timeout_seconds=0.01)
    faults.hanging.add(operation)
    with pytest.raises(StorageError):
        await store.append("question")
    assert [message.split(" took")[1] for message in caplog.messages] == [" longer than 0.01 s"]


async def test_turn_whose_reply_was_lost_is_stored_once() -> None:
    faults = D1Faults()
    store = D1Store(fake_d1(ManualClock(), faults))
    faults.lose_reply("batch")
    with pytest.raises(StorageError):
        await store.append("question", turn_id="turn")
    assert (await store.append("question", turn_id="turn")).number == 1


async def test_owner_is_told_to_create_the_tables(caplog: pytest.LogCaptureFixture) -> None:
    store = D1Store(FakeD1(SqliteDatabase(), ManualClock()))
    with pytest.raises(StorageError):
        await store.storage.get_session(store.id)
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert "pywrangler d1 migrations apply VOICE_DB" in record.getMessage()


async def test_unreadable_turn_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    d1 = fake_d1(ManualClock())
    store = D1Store(d1)
    for number in (1, 2, 3):
        await store.append(f"question {number}")
    await d1.prepare("UPDATE turns SET record = '{\"usage\": 5}' WHERE number = 2").run()
    assert (await store.contents())[::2] == ["question 1", "question 3"]
    line = f"Session {store.hash[:12]}: ignored what is unreadable in it (dataclass_type)"
    assert caplog.messages == [line]
    assert (await store.append("question 4")).number == 4


async def test_unreadable_conversation_counts_as_none(caplog: pytest.LogCaptureFixture) -> None:
    d1 = fake_d1(ManualClock())
    store = D1Store(d1)
    await store.append("question")
    await d1.prepare("UPDATE conversations SET created_at = -1").run()
    assert await store.storage.get_session(store.id) is None
    line = f"Session {store.hash[:12]}: ignored what is unreadable in it (greater_than_equal)"
    assert caplog.messages == [line]
    assert (await store.append("another")).number == 2


async def test_record_that_is_not_json_is_refused() -> None:
    d1 = fake_d1(ManualClock())
    await D1Store(d1).append("question")
    with pytest.raises(D1Error, match="CHECK constraint failed"):
        await d1.prepare("UPDATE turns SET record = 'x'").run()


def test_d1_is_chosen_if_there_is_a_binding() -> None:
    d1 = fake_d1(ManualClock())
    assert type(get_session_storage(SimpleNamespace(VOICE_DB=d1))) is D1SessionStorage
    both = SimpleNamespace(VOICE_DB=d1, VOICE_SESSIONS=FakeKV(ManualClock()))
    assert get_session_storage(both).name == "d1"


def test_stores_say_whether_they_are_consistent() -> None:
    env = SimpleNamespace(VOICE_DB=fake_d1(ManualClock()))
    assert get_session_storage(env).consistent
    assert get_session_storage(None).consistent
    assert not get_session_storage(SimpleNamespace(VOICE_SESSIONS=FakeKV(ManualClock()))).consistent
