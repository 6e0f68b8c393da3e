"""Adding D1 to a deployment that has conversations in KV."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from accounts.visitor import Visitor
from errors import SessionClosed, StorageError
from session_id import generate_turn_id
from session_storage import get_session_storage
from settings import Settings
from stores.kv_errors import KVError
from tests.isolates import D1Isolate, Isolate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from session_storage import SessionStorage

HOUR = Settings().session_ttl_seconds


class Upgraded(D1Isolate):
    """An isolate of the same deployment, after the binding `VOICE_DB` was added."""

    def build_storage(self) -> SessionStorage:
        super().build_storage()
        env = SimpleNamespace(VOICE_DB=self.d1, VOICE_SESSIONS=self.kv)
        return get_session_storage(env, self.settings, self.clock)


@pytest.fixture
async def upgraded(isolate: Isolate) -> AsyncIterator[Upgraded]:
    made = Upgraded(clock=isolate.clock, session_id=isolate.session_id)
    made.kv = isolate.kv
    made.restart()
    yield made
    await made.background.drain()


async def test_conversation_goes_on(isolate: Isolate, upgraded: Upgraded) -> None:
    turn_id = generate_turn_id()
    for number in range(7):
        isolate.clock.advance(2)
        await isolate.ask(f"question {number}", seen=number, turn_id=turn_id if number == 6 else None)
    answer = await upgraded.ask("one more", seen=7, last_turn_id=turn_id)
    assert (answer.turn, answer.context, answer.saved) == (8, "complete", True)
    assert [m.content for m in upgraded.responder.prompts[0].history][-2] == "question 6"
    assert await upgraded.stored() == [
        text for n in range(3, 7) for text in (f"question {n}", f"answer {n + 1}")
    ] + ["one more", "answer 1"]
    again = await upgraded.ask("question 6", turn_id=turn_id)
    assert (again.repeated, again.turn) == (True, 7)


async def test_first_read_moves_from_kv(isolate: Isolate, upgraded: Upgraded) -> None:
    await isolate.ask("one")
    found = await upgraded.sessions.find(upgraded.session_id)
    assert found is not None
    assert found.turn == 1
    reads = isolate.kv.reads
    await upgraded.ask("two", seen=1)
    assert isolate.kv.reads == reads
    assert (await isolate.kv.list())["keys"] == []


async def test_age_and_tokens_are_kept(isolate: Isolate, upgraded: Upgraded) -> None:
    await isolate.ask("one")
    before = await isolate.storage.get_session(isolate.session_id)
    isolate.clock.advance(1800)
    after = await upgraded.storage.get_session(isolate.session_id)
    assert before is not None
    assert after is not None
    assert (after.tokens, after.turn) == (before.tokens, before.turn)
    assert (after.created_at, after.messages[0].content) == (before.created_at, "one")


async def test_conversation_that_expired_in_kv_is_not_found(isolate: Isolate, upgraded: Upgraded) -> None:
    await isolate.ask("one")
    isolate.clock.advance(HOUR)
    answer = await upgraded.ask("two", seen=1)
    assert (answer.turn, answer.context) == (1, "lost")


async def test_conversation_that_expires_in_d1_is_not_found_in_kv(
    isolate: Isolate, upgraded: Upgraded
) -> None:
    await isolate.ask("one")
    await upgraded.ask("two", seen=1)
    isolate.clock.advance(HOUR)
    assert await upgraded.sessions.find(upgraded.session_id) is None


async def test_closing_deletes_both(isolate: Isolate, upgraded: Upgraded) -> None:
    await isolate.ask("my secret")
    isolate.clock.advance(2)
    await upgraded.sessions.close(upgraded.session_id)
    with pytest.raises(SessionClosed):
        await upgraded.ask("two")
    assert (await isolate.kv.list(prefix="session:"))["keys"] == []
    assert await upgraded.stored() == []


async def test_copy_that_kv_does_not_delete_is_deleted_later(isolate: Isolate, upgraded: Upgraded) -> None:
    await isolate.ask("my secret")
    isolate.faults.fail("delete", KVError("KV DELETE failed: 500"))
    with pytest.raises(StorageError):
        await upgraded.sessions.close(upgraded.session_id)
    await upgraded.background.drain()
    assert (await isolate.kv.list(prefix="session:"))["keys"] == []


async def test_session_closed_before_stays_closed(isolate: Isolate, upgraded: Upgraded) -> None:
    await isolate.ask("my secret")
    isolate.clock.advance(2)
    await isolate.sessions.close(isolate.session_id)
    with pytest.raises(SessionClosed):
        await upgraded.ask("two")
    assert await upgraded.storage.is_closed(upgraded.session_id)


async def test_visitor_who_signs_in_takes_the_conversation_along(
    isolate: Isolate, upgraded: Upgraded
) -> None:
    await isolate.ask("one")
    answer = await upgraded.ask("two", seen=1, visitor=Visitor("a" * 64))
    assert (answer.turn, answer.context) == (2, "complete")
    session = await upgraded.storage.get_session(upgraded.session_id)
    assert session is not None
    assert session.owner == "a" * 64
