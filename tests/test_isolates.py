"""A session in two isolates, at two locations whose KV shows values for up to a minute after they changed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from errors import SessionClosed
from settings import Settings
from stores.fake_kv import FakeKV
from tests.clocks import ManualClock
from tests.isolates import Isolate
from tests.responders import ScriptedResponder

if TYPE_CHECKING:
    from datetime import datetime

    from models import Answer

PRIVATE = "my secret is 4711"
CACHE_SECONDS = 60


class Location(FakeKV):
    """A location's view of a namespace: what it has read or written once, it shows for a minute."""

    def __init__(self, central: FakeKV, clock: ManualClock, cache_seconds: float) -> None:
        super().__init__(clock)
        self._central, self._now, self._seconds = central, clock.now, cache_seconds
        self._seen: dict[str, tuple[datetime, Any]] = {}
        self.failing_puts = 0

    async def get(self, key: Any, options: Any = None, **named: object) -> Any:  # noqa: ARG002 - KV's own signature
        seen_at, value = self._seen.get(key, (None, None))
        if seen_at is None or (self._now() - seen_at).total_seconds() >= self._seconds:
            value = await self._central.get(key)
            self._seen[key] = self._now(), value
        return value

    async def put(self, key: str, value: object, options: Any = None, **named: object) -> None:
        if self.failing_puts:
            self.failing_puts -= 1
            raise RuntimeError("KV PUT failed: 500 Internal Server Error")
        await self._central.put(key, value, options, **named)
        self._seen[key] = self._now(), value

    async def delete(self, key: str) -> None:
        await self._central.delete(key)
        self._seen[key] = self._now(), None


class TwoIsolates:
    """Two isolates for one session, `here` and `there`, on a clock that the test moves."""

    def __init__(self, cache_seconds: float = CACHE_SECONDS, **settings: Any) -> None:
        self.clock = ManualClock()
        central = FakeKV(self.clock)
        self.locations = [Location(central, self.clock, cache_seconds) for _ in range(2)]
        self.here = Isolate(clock=self.clock, settings=Settings.model_validate(settings))
        self.there = self.here.another(ScriptedResponder())
        for isolate, location in zip((self.here, self.there), self.locations, strict=True):
            isolate.kv = location
            isolate.restart()

    async def pass_time(self, seconds: float) -> None:
        """Let `seconds` pass, in steps of which each runs everything that is due."""
        for _ in range(int(seconds * 10)):
            self.clock.advance(0.1)
            for _ in range(20):
                await asyncio.sleep(0)

    async def finish(self, work: asyncio.Task[Answer]) -> Answer:
        """Let time pass until `work` is done."""
        while not work.done():
            await self.pass_time(0.1)
        return work.result()

    async def said(self, isolate: Isolate) -> list[str]:
        """What the isolate shows of the conversation."""
        session = await isolate.sessions.find(isolate.session_id)
        return [message.content for message in session.messages] if session else []


@pytest.mark.parametrize("seconds", [0, 10, 40])
async def test_question_at_another_location_does_not_bring_a_closed_session_back(seconds: float) -> None:
    both = TwoIsolates()
    await both.here.ask(PRIVATE)
    await both.pass_time(5)
    assert await both.said(both.there) == [PRIVATE, "answer 1"]  # and both of its keys are cached there now
    await both.here.sessions.close(both.here.session_id)
    await both.pass_time(seconds)
    await both.there.ask("what did I say?", seen=1)
    await both.pass_time(180)
    assert await both.said(both.here) == []
    assert await both.said(both.there) == []
    with pytest.raises(SessionClosed):
        await both.there.ask("and now?", seen=2)
    assert [key["name"][:7] for key in (await both.locations[0]._central.list())["keys"]] == ["closed:"]  # noqa: SLF001


async def test_long_turn_in_another_isolate_does_not_bring_a_closed_session_back() -> None:
    both = TwoIsolates(cache_seconds=0)
    await both.here.ask(PRIVATE)
    await both.pass_time(2)
    both.there.responder.released.clear()
    asked = asyncio.create_task(both.there.ask("tell me a long story", seen=1))
    await both.there.responder.asked()
    await both.here.sessions.close(both.here.session_id)
    await both.pass_time(35)
    both.there.responder.released.set()
    await both.finish(asked)
    await both.pass_time(60)
    assert await both.said(both.here) == []


@pytest.mark.parametrize("turns", [0, 1])
async def test_context_is_not_complete_where_the_last_turn_was_replaced(turns: int) -> None:
    both = TwoIsolates(cache_seconds=0)
    here, there = str(uuid4()), str(uuid4())
    for isolate in (both.here, both.there):
        isolate.responder.released.clear()
    first = asyncio.create_task(both.here.ask("A1", turn_id=here))
    other = asyncio.create_task(both.there.ask("B1", turn_id=there))
    await both.here.responder.asked()
    await both.there.responder.asked()
    both.here.responder.released.set()
    assert (await both.finish(first)).saved
    await both.pass_time(2)
    both.there.responder.released.set()
    assert (await both.finish(other)).saved
    after = asyncio.create_task(both.here.ask("A2", seen=turns, last_turn_id=here))
    assert (await both.finish(after)).context == "stale"
    assert "A1" not in [message.content for message in both.here.responder.prompts[-1].history]
    await both.pass_time(2)
    assert (await both.there.ask("B2", seen=turns, last_turn_id=there)).context == "complete"


async def test_context_is_lost_where_nothing_is_left() -> None:
    both = TwoIsolates()
    asked = asyncio.create_task(both.here.ask("one", last_turn_id=str(uuid4())))
    assert (await both.finish(asked)).context == "lost"


async def test_turn_that_is_not_kept_any_more_has_been_seen_all_the_same() -> None:
    both = TwoIsolates(cache_seconds=0, max_messages=4)
    turn_ids = [str(uuid4()) for _ in range(5)]
    for turn_id in turn_ids:
        await both.here.ask("question", turn_id=turn_id)
        await both.pass_time(2)
    assert (await both.there.ask("another", seen=1, last_turn_id=turn_ids[0])).context == "complete"


@pytest.mark.parametrize("later", [0, 1, 3])
async def test_turn_repeated_elsewhere_while_its_save_waits_is_stored_once(later: int) -> None:
    both = TwoIsolates(cache_seconds=0, max_messages=4)
    turn_id = str(uuid4())
    await both.here.ask("zero")
    await both.pass_time(2)
    both.locations[0].failing_puts = 3
    await both.here.ask("one", turn_id=turn_id, seen=1)
    await both.pass_time(0.5)
    await both.there.ask("one", turn_id=turn_id, seen=1)
    for number in range(later):
        await both.pass_time(1.5)
        await both.there.ask(f"later {number}")
    await both.pass_time(30)
    asked = ["zero", "one", *(f"later {number}" for number in range(later))]
    session = await both.there.storage.get_session(both.there.session_id)
    assert session is not None
    assert [message.content for message in session.messages[::2]] == asked[-2:]
    assert session.turn == len(asked)


async def test_failing_writes_leave_context_and_saved_truthful() -> None:
    both = TwoIsolates()
    await both.here.ask("one")
    await both.pass_time(2)
    both.locations[0].failing_puts = 999
    two = await both.here.ask("two", seen=1)
    await both.pass_time(10)
    three = await both.here.ask("three", seen=2)
    assert "two" in [message.content for message in both.here.responder.prompts[-1].history]
    await both.pass_time(60)
    both.locations[0].failing_puts = 0
    four = await both.finish(asyncio.create_task(both.here.ask("four", seen=3)))
    assert (two.saved, three.saved, four.context) == (False, False, "stale")
    await both.pass_time(60)
    assert len(both.here.sessions) == 0
