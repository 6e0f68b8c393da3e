"""A session in two isolates on one D1: what KV allows for a while after a change, D1 never does."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from errors import SessionClosed
from settings import Settings
from stores.d1_faults import NETWORK_LOST
from tests.clocks import ManualClock
from tests.isolates import D1Isolate
from tests.responders import ScriptedResponder

PRIVATE = "my secret is 4711"


class TwoIsolates:
    """Two isolates for one session, `here` and `there`, on a clock that the test moves."""

    def __init__(self, **settings: Any) -> None:
        self.clock = ManualClock()
        self.here = D1Isolate(clock=self.clock, settings=Settings.model_validate(settings))
        self.there = self.here.another(ScriptedResponder())

    async def pass_time(self, seconds: float) -> None:
        """Let `seconds` pass, in steps of which each runs everything that is due."""
        for _ in range(int(seconds * 10)):
            self.clock.advance(0.1)
            for _ in range(20):
                await asyncio.sleep(0)

    async def said(self, isolate: D1Isolate) -> list[str]:
        """What the isolate shows of the conversation."""
        session = await isolate.sessions.find(isolate.session_id)
        return [message.content for message in session.messages] if session else []


@pytest.mark.parametrize("seconds", [0, 10, 40])
async def test_closed_session_is_refused_elsewhere(seconds: float) -> None:
    both = TwoIsolates()
    await both.here.ask(PRIVATE)
    assert await both.said(both.there) == [PRIVATE, "answer 1"]
    await both.here.sessions.close(both.here.session_id)
    await both.pass_time(seconds)
    with pytest.raises(SessionClosed):
        await both.there.ask("what did I say?", seen=1)
    assert both.there.responder.prompts == []
    assert await both.said(both.here) == await both.said(both.there) == []


async def test_long_turn_elsewhere_does_not_bring_a_closed_session_back() -> None:
    both = TwoIsolates()
    await both.here.ask(PRIVATE)
    both.there.responder.released.clear()
    asked = both.there.ask_in_background("tell me a long story", seen=1)
    await both.there.responder.asked()
    await both.here.sessions.close(both.here.session_id)
    await both.pass_time(35)
    both.there.responder.released.set()
    assert not (await asked).saved
    await both.pass_time(300)
    assert await both.said(both.here) == await both.said(both.there) == []


async def test_turns_at_once_are_both_kept_and_context_is_complete() -> None:
    both = TwoIsolates()
    here, there = str(uuid4()), str(uuid4())
    for isolate in (both.here, both.there):
        isolate.responder.released.clear()
    first = both.here.ask_in_background("A1", turn_id=here)
    other = both.there.ask_in_background("B1", turn_id=there)
    await both.here.responder.asked()
    await both.there.responder.asked()
    both.here.responder.released.set()
    assert (await first).turn == 1
    both.there.responder.released.set()
    assert (await other).turn == 2
    for isolate, turn_id in ((both.here, here), (both.there, there)):
        assert (await isolate.ask("next", seen=2, last_turn_id=turn_id)).context == "complete"
        assert {"A1", "B1"} <= {message.content for message in isolate.responder.prompts[-1].history}


async def test_failing_writes_leave_context_and_saved_exact() -> None:
    both = TwoIsolates()
    await both.here.ask("one")
    both.here.d1_faults.fail("batch", NETWORK_LOST, times=999)
    two = await both.here.ask("two", seen=1)
    assert both.here.responder.prompts[-1].history[-1].content == "answer 1"
    await both.pass_time(5)
    three = await both.here.ask("three", seen=2)
    assert both.here.responder.prompts[-1].history[-2].content == "two"
    await both.pass_time(60)
    both.here.d1_faults.clear()
    four = await both.here.ask("four", seen=3)
    assert (two.saved, three.saved, four.saved, four.context) == (False, False, True, "stale")
    assert len(both.here.sessions) == 0


async def test_turn_repeated_elsewhere_is_asked_once() -> None:
    both, turn_id = TwoIsolates(), str(uuid4())
    await both.here.ask("one")
    assert await both.said(both.there) == ["one", "answer 1"]
    first = await both.here.ask("two", turn_id=turn_id, seen=1)
    again = await both.there.ask("two", turn_id=turn_id, seen=1)
    assert (again.repeated, again.response, again.turn) == (True, first.response, 2)
    assert again.context == "complete"


@pytest.mark.parametrize("later", [0, 1, 3])
async def test_turn_repeated_elsewhere_while_its_save_waits_is_stored_once(later: int) -> None:
    both, turn_id = TwoIsolates(max_messages=4), str(uuid4())
    await both.here.ask("zero")
    both.here.d1_faults.fail("batch", NETWORK_LOST, times=3)
    await both.here.ask("one", turn_id=turn_id, seen=1)
    await both.pass_time(0.5)
    assert (await both.there.ask("one", turn_id=turn_id, seen=1)).turn == 2
    for number in range(later):
        await both.pass_time(1.5)
        await both.there.ask(f"later {number}")
    await both.pass_time(30)
    asked = ["zero", "one", *(f"later {number}" for number in range(later))]
    session = await both.there.storage.get_session(both.there.session_id)
    assert session is not None
    assert [message.content for message in session.messages[::2]] == asked[-2:]
    assert session.turn == len(asked)


async def test_turn_that_is_not_kept_any_more_has_been_seen_all_the_same() -> None:
    both = TwoIsolates(max_messages=4)
    turn_ids = [str(uuid4()) for _ in range(5)]
    for turn_id in turn_ids:
        await both.here.ask("question", turn_id=turn_id)
    assert (await both.there.ask("another", seen=1, last_turn_id=turn_ids[0])).context == "complete"
