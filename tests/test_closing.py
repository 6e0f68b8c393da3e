"""Closing a session although turns of it may still end and be saved."""

from __future__ import annotations

import asyncio

import pytest

from errors import SessionClosed, StorageError
from session_storage import InMemorySessionStorage
from sessions import get_sessions
from sessions.closing import CLOSE_CHECK_SECONDS
from stores.kv_faults import KVFaults
from tests.clocks import AutoClock, ManualClock
from tests.isolates import Isolate, SlowKV
from tests.responders import ScriptedResponder

KV_FAILED = RuntimeError("KV failed: 500")


async def test_closed_session_is_rejected_immediately_and_later(isolate: Isolate) -> None:
    await isolate.ask("one")
    isolate.clock.advance(2)
    await isolate.sessions.close(isolate.session_id)
    reads = isolate.kv.reads
    with pytest.raises(SessionClosed):
        async with isolate.sessions.turn(isolate.session_id, "two"):
            pass
    assert isolate.kv.reads == reads  # this isolate knows without reading
    with pytest.raises(SessionClosed):
        await isolate.ask("two")
    await isolate.background.drain()
    with pytest.raises(SessionClosed):
        await isolate.ask("two")
    assert len(isolate.responder.prompts) == 1
    assert await isolate.sessions.find(isolate.session_id) is None


async def test_closed_session_is_not_found_while_the_store_still_has_it(isolate: Isolate) -> None:
    await isolate.ask("one")
    isolate.faults.fail("put", KV_FAILED)
    isolate.faults.fail("delete", KV_FAILED, times=3)
    with pytest.raises(StorageError):
        await isolate.sessions.close(isolate.session_id)
    assert await isolate.stored() == ["one", "answer 1"]
    assert await isolate.sessions.find(isolate.session_id) is None


async def test_turn_is_rejected_if_its_session_is_closed_while_it_is_read() -> None:
    isolate = Isolate(clock=ManualClock(), faults=KVFaults(slowness=1, staleness=60))
    turn = isolate.ask_in_background("one")
    await isolate.clock.sleeping()
    isolate.faults.slowness = 0
    await isolate.sessions.close(isolate.session_id)
    isolate.clock.advance(1)
    with pytest.raises(SessionClosed):
        await turn
    assert isolate.responder.prompts == []


async def test_closing_in_memory_needs_no_background_work(isolate: Isolate) -> None:
    storage = InMemorySessionStorage(clock=isolate.clock)
    sessions = get_sessions(storage, isolate.clock, isolate.background, isolate.settings)
    await sessions.close(isolate.session_id)
    assert len(isolate.background) == 0
    with pytest.raises(SessionClosed):
        async with sessions.turn(isolate.session_id, "one"):
            pass


@pytest.mark.parametrize("seconds", [0, 2])
async def test_running_turn_does_not_revive_a_closed_session(isolate: Isolate, seconds: float) -> None:
    await isolate.ask("one")
    isolate.responder.released.clear()
    turn = isolate.ask_in_background("two")
    await isolate.responder.asked(2)
    isolate.clock.advance(seconds)  # after 0 s KV accepts no write yet, and the marker follows
    await isolate.sessions.close(isolate.session_id)
    assert await isolate.storage.get_session(isolate.session_id) is None
    isolate.responder.released.set()
    answer = await turn
    assert (answer.response, answer.saved, answer.turn) == ("answer 2", False, 2)
    await isolate.background.drain()
    assert await isolate.storage.is_closed(isolate.session_id)


@pytest.mark.parametrize("checks", [0, len(CLOSE_CHECK_SECONDS)])
async def test_write_in_progress_does_not_revive_a_closed_session(
    isolate: Isolate, checks: int, caplog: pytest.LogCaptureFixture
) -> None:
    kv = SlowKV(isolate.clock)
    isolate.kv = kv
    isolate.restart()
    turn = isolate.ask_in_background("one")
    await kv.arrived.wait()
    await isolate.sessions.close(isolate.session_id)
    for _ in range(10 * checks):  # turns of the event loop, more than the checks take
        await asyncio.sleep(0)
    isolate.clock.advance(2)
    kv.release.set()
    assert (await turn).saved is False
    await isolate.background.drain()
    assert await isolate.storage.is_closed(isolate.session_id)
    assert "retrying" not in caplog.text


async def test_turn_of_another_isolate_does_not_revive_a_closed_session(isolate: Isolate) -> None:
    elsewhere = ScriptedResponder()
    elsewhere.released.clear()
    turn = isolate.another(elsewhere).ask_in_background("one")
    await elsewhere.asked()
    await isolate.sessions.close(isolate.session_id)
    isolate.clock.advance(1)
    elsewhere.released.set()
    await turn
    await isolate.background.drain()
    assert await isolate.storage.is_closed(isolate.session_id)
    assert sum(CLOSE_CHECK_SECONDS) < 30


async def test_unsaved_exchange_is_dropped_when_its_session_is_closed(isolate: Isolate) -> None:
    isolate.faults.refused_puts = 1
    await isolate.ask("one")
    await isolate.sessions.close(isolate.session_id)
    await isolate.background.drain()
    assert await isolate.storage.is_closed(isolate.session_id)


async def test_retried_write_ends_when_the_session_is_closed_elsewhere(
    isolate: Isolate, caplog: pytest.LogCaptureFixture
) -> None:
    isolate.faults.refused_puts = 1
    await isolate.ask("one")
    await isolate.another().sessions.close(isolate.session_id)
    await isolate.background.drain()
    assert await isolate.storage.is_closed(isolate.session_id)
    assert "but could not be stored" not in caplog.text


async def test_close_that_fails_is_reported_and_retried(
    isolate: Isolate, caplog: pytest.LogCaptureFixture
) -> None:
    await isolate.ask("one")
    isolate.faults.fail("put", KV_FAILED)
    isolate.faults.fail("delete", KV_FAILED, times=3)
    with pytest.raises(StorageError):
        await isolate.sessions.close(isolate.session_id)
    await isolate.background.drain()
    assert await isolate.storage.is_closed(isolate.session_id)
    assert "could not be stored" not in caplog.text


async def test_close_that_is_never_stored_is_logged(
    isolate: Isolate, caplog: pytest.LogCaptureFixture
) -> None:
    await isolate.ask("one")
    isolate.faults.refused_puts = 100
    await isolate.sessions.close(isolate.session_id)  # the key is deleted nevertheless
    await isolate.background.drain()
    assert await isolate.storage.get_session(isolate.session_id) is None
    assert "was closed, but that could not be stored" in caplog.text


async def test_closing_twice_is_one_write(isolate: Isolate) -> None:
    assert isinstance(isolate.clock, AutoClock)
    await isolate.sessions.close(isolate.session_id)
    await isolate.sessions.close(isolate.session_id)
    assert (isolate.kv.writes, isolate.kv.deletes) == (1, 1)
