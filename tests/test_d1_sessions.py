"""Conversations in D1: exact in every isolate at once, and those of known visitors nobody else's."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from accounts.visitor import Visitor
from conversation import Question
from errors import ConversationOfAnother, SessionClosed, StorageError, TurnConflict
from session_id import generate_turn_id
from settings import Settings
from stores.d1_faults import NETWORK_LOST
from tests.clocks import ManualClock
from tests.isolates import D1Isolate, Isolate
from tests.responders import ScriptedResponder

if TYPE_CHECKING:
    from session_storage import Saved
    from voice_session import VoiceSession

ADA, BEN = Visitor("a" * 64, "Ada"), Visitor("b" * 64)


async def test_exchange_is_one_query_and_one_batch(d1_isolate: D1Isolate) -> None:
    for seen in range(3):
        d1_isolate.d1.calls.clear()
        answer = await d1_isolate.ask("question", seen=seen)
        assert d1_isolate.d1.calls == {"all": 1, "batch": 1}
        assert (answer.saved, answer.turn, answer.context) == (True, seen + 1, "complete")


async def test_concurrent_turns_in_two_isolates_are_all_kept(d1_isolate: D1Isolate) -> None:
    other = d1_isolate.another()
    isolates = (d1_isolate, other)
    d1_isolate.responder.released.clear()
    turns = [isolates[n % 2].ask_in_background(f"question {n}") for n in range(50)]
    await d1_isolate.responder.asked(50)
    d1_isolate.responder.released.set()
    answers = await asyncio.gather(*turns)
    assert sorted(answer.turn for answer in answers) == list(range(1, 51))
    assert all(answer.saved for answer in answers)
    session = await other.sessions.find(other.session_id)
    assert session is not None
    assert (session.turn, len(session.messages)) == (50, 10)


async def test_last_turn_elsewhere_is_seen_at_once(d1_isolate: D1Isolate) -> None:
    turn_id = str(uuid4())
    await d1_isolate.ask("one", turn_id=turn_id)
    answer = await d1_isolate.another().ask("two", seen=1, last_turn_id=turn_id)
    assert answer.context == "complete"
    assert [message.content for message in d1_isolate.responder.prompts[-1].history] == ["one", "answer 1"]
    assert d1_isolate.clock.sleeps == []


async def test_context_after_the_conversation_expired(d1_isolate: D1Isolate) -> None:
    await d1_isolate.ask("one")
    await d1_isolate.ask("two", seen=1)
    d1_isolate.clock.advance(Settings().session_ttl_seconds)
    answer = await d1_isolate.ask("three", seen=2)
    assert (answer.context, answer.turn) == ("lost", 1)
    assert (await d1_isolate.ask("four", seen=3)).context == "stale"


async def test_answered_turn_is_not_asked_again_elsewhere(d1_isolate: D1Isolate) -> None:
    turn_id = generate_turn_id()
    first = await d1_isolate.ask("one", turn_id=turn_id)
    again = await d1_isolate.another().ask("one", turn_id=turn_id)
    assert (again.repeated, again.response, again.turn) == (True, first.response, 1)
    assert again.expires_at == first.expires_at
    with pytest.raises(TurnConflict):
        await d1_isolate.another().ask("something else", turn_id=turn_id)


async def test_turn_that_is_no_longer_kept_keeps_its_place(d1_isolate: D1Isolate) -> None:
    turn_id = generate_turn_id()
    await d1_isolate.ask("one", turn_id=turn_id)
    for _ in range(6):
        await d1_isolate.ask("more")
    again = await d1_isolate.ask("one", turn_id=turn_id)
    assert (again.turn, again.saved) == (1, True)
    assert (await d1_isolate.ask("last")).turn == 8


async def test_closed_session_is_closed_everywhere(d1_isolate: D1Isolate) -> None:
    other = d1_isolate.another()
    await d1_isolate.ask("my secret")
    await other.ask("two")
    await d1_isolate.sessions.close(d1_isolate.session_id)
    with pytest.raises(SessionClosed):
        await other.ask("three")
    assert await other.sessions.find(other.session_id) is None
    assert d1_isolate.clock.sleeps == []  # nothing to check again


async def test_turn_under_way_elsewhere_saves_nothing_once_closed(d1_isolate: D1Isolate) -> None:
    elsewhere = ScriptedResponder()
    elsewhere.released.clear()
    turn = d1_isolate.another(elsewhere).ask_in_background("my secret")
    await elsewhere.asked()
    await d1_isolate.sessions.close(d1_isolate.session_id)
    elsewhere.released.set()
    answer = await turn
    assert (answer.saved, answer.expires_at) == (False, None)
    assert await d1_isolate.stored() == []
    with pytest.raises(SessionClosed):
        await d1_isolate.ask("again")


async def test_answer_that_cannot_be_stored_is_stored_with_the_next_one() -> None:
    isolate = D1Isolate(clock=ManualClock())
    isolate.d1_faults.fail("batch", NETWORK_LOST)
    first = await isolate.ask("one")
    assert (first.saved, first.turn) == (False, 1)
    second = await isolate.ask("two", seen=1)
    assert (second.saved, second.turn, second.context) == (True, 2, "complete")
    assert await isolate.stored() == ["one", "answer 1", "two", "answer 2"]
    isolate.clock.advance(2)
    await isolate.background.drain()
    assert len(await isolate.stored()) == 4


async def test_turn_is_refused_if_its_session_is_closed_while_it_is_read(d1_isolate: D1Isolate) -> None:
    open_session = d1_isolate.storage.open_session

    async def open_and_close(*args: Any, **named: Any) -> VoiceSession:
        session = await open_session(*args, **named)
        await d1_isolate.sessions.close(d1_isolate.session_id)
        return session

    d1_isolate.storage.open_session = open_and_close  # type: ignore[method-assign]
    with pytest.raises(SessionClosed):
        await d1_isolate.ask("one")
    assert d1_isolate.responder.prompts == []


@pytest.mark.parametrize("reply", [True, False])
async def test_answer_that_is_deleted_before_the_reply_is_not_saved(
    d1_isolate: D1Isolate, caplog: pytest.LogCaptureFixture, *, reply: bool
) -> None:
    append = d1_isolate.storage.append

    async def append_and_close(*args: Any, **named: Any) -> Saved:
        saved = await append(*args, **named)
        await d1_isolate.sessions.close(d1_isolate.session_id)
        if not reply:
            raise StorageError
        return saved

    d1_isolate.storage.append = append_and_close  # type: ignore[method-assign]
    assert not (await d1_isolate.ask("my secret")).saved
    await d1_isolate.background.drain()
    assert await d1_isolate.stored() == []
    assert caplog.messages == []


async def test_answer_that_cannot_be_stored_is_stored_later(d1_isolate: D1Isolate) -> None:
    d1_isolate.d1_faults.fail("batch", NETWORK_LOST, times=2)
    await d1_isolate.ask("one")
    found = await d1_isolate.sessions.find(d1_isolate.session_id)
    assert found is not None
    assert [message.content for message in found.messages] == ["one", "answer 1"]
    await d1_isolate.background.drain()
    assert await d1_isolate.stored() == ["one", "answer 1"]


@pytest.mark.parametrize("elsewhere", [False, True])
async def test_turn_whose_reply_was_lost_is_stored_once(*, elsewhere: bool) -> None:
    isolate, turn_id = D1Isolate(clock=ManualClock()), generate_turn_id()
    isolate.d1_faults.lose_reply("batch")
    first = await isolate.ask("one", turn_id=turn_id)
    assert not first.saved
    retried = isolate.another() if elsewhere else isolate
    again = await retried.ask("one", turn_id=turn_id)
    assert (again.repeated, again.turn, again.saved) == (True, 1, True)
    isolate.clock.advance(2)
    await isolate.background.drain()
    assert await isolate.stored() == ["one", "answer 1"]


async def test_retried_turn_that_was_answered_twice_is_stored_once(d1_isolate: D1Isolate) -> None:
    turn_id = generate_turn_id()
    d1_isolate.responder.released.clear()
    turns = [each.ask_in_background("one", turn_id=turn_id) for each in (d1_isolate, d1_isolate.another())]
    await d1_isolate.responder.asked(2)
    d1_isolate.responder.released.set()
    assert [(answer.turn, answer.saved) for answer in await asyncio.gather(*turns)] == [(1, True)] * 2
    assert len(await d1_isolate.stored()) == 2


async def test_close_that_d1_refuses_is_retried(d1_isolate: D1Isolate) -> None:
    await d1_isolate.ask("my secret")
    d1_isolate.d1_faults.fail("batch", NETWORK_LOST)
    with pytest.raises(StorageError):
        await d1_isolate.sessions.close(d1_isolate.session_id)
    with pytest.raises(SessionClosed):  # this isolate knows
        await d1_isolate.ask("two")
    await d1_isolate.background.drain()
    assert await d1_isolate.storage.is_closed(d1_isolate.session_id)


async def test_turn_that_ends_after_the_maximum_age_is_the_first_of_a_new_conversation() -> None:
    clock = ManualClock()
    isolate = D1Isolate(settings=Settings(session_max_age_seconds=3600), clock=clock)
    await isolate.ask("one")
    isolate.responder.released.clear()
    turn = isolate.ask_in_background("two")
    await isolate.responder.asked(2)
    clock.advance(3600)
    isolate.responder.released.set()
    assert (await turn).turn == 1
    assert await isolate.stored() == ["two", "answer 2"]


async def test_visitor_goes_on_after_signing_in(d1_isolate: D1Isolate) -> None:
    await d1_isolate.ask("one")
    answer = await d1_isolate.ask("two", seen=1, visitor=ADA)
    assert (answer.turn, answer.context) == (2, "complete")
    assert answer.expires_at is not None
    lifetime = answer.expires_at - d1_isolate.clock.now()
    assert timedelta(days=29) < lifetime <= timedelta(days=30)


@pytest.mark.parametrize("visitor", [None, BEN])
async def test_conversation_of_a_known_visitor_is_nobody_elses(
    d1_isolate: D1Isolate, visitor: Visitor | None
) -> None:
    await d1_isolate.ask("my secret", visitor=ADA)
    owner = visitor.owner if visitor else None
    for isolate in (d1_isolate, d1_isolate.another()):
        with pytest.raises(ConversationOfAnother):
            await isolate.ask("what did I say?", visitor=visitor)
        with pytest.raises(ConversationOfAnother):
            await isolate.sessions.find(isolate.session_id, owner)
        with pytest.raises(ConversationOfAnother):
            await isolate.sessions.close(isolate.session_id, owner)
    assert len(d1_isolate.responder.prompts) == 1
    assert (await d1_isolate.ask("two", visitor=ADA)).turn == 2
    await d1_isolate.sessions.close(d1_isolate.session_id, ADA.owner)
    with pytest.raises(SessionClosed):
        await d1_isolate.ask("three", visitor=ADA)


async def test_visitor_who_signs_in_while_another_is_being_answered(d1_isolate: D1Isolate) -> None:
    d1_isolate.responder.released.clear()
    turn = d1_isolate.ask_in_background("my secret", visitor=ADA)
    await d1_isolate.responder.asked()
    with pytest.raises(ConversationOfAnother):
        await d1_isolate.ask("what did I say?", visitor=BEN)
    elsewhere = d1_isolate.another().ask_in_background("my own secret", visitor=BEN)
    await d1_isolate.responder.asked(2)
    d1_isolate.responder.released.set()
    assert sorted([(await turn).saved, (await elsewhere).saved]) == [False, True]
    assert len(await d1_isolate.stored()) == 2


async def test_turn_of_a_known_visitor_makes_the_conversation_theirs(d1_isolate: D1Isolate) -> None:
    d1_isolate.responder.released.clear()
    turn = d1_isolate.ask_in_background("my secret", visitor=ADA)
    await d1_isolate.responder.asked()
    await d1_isolate.another(ScriptedResponder()).ask("before I signed in")
    d1_isolate.responder.released.set()
    assert (await turn).saved
    with pytest.raises(ConversationOfAnother):
        await d1_isolate.sessions.find(d1_isolate.session_id)


async def test_keeping_more_messages_brings_no_empty_ones(d1_isolate: D1Isolate) -> None:
    d1_isolate.settings = Settings(max_messages=4)
    d1_isolate.restart()
    for number in range(8):
        await d1_isolate.ask(f"question {number}")
    d1_isolate.settings = Settings(max_messages=12)
    d1_isolate.restart()
    assert await d1_isolate.stored() == ["question 6", "answer 7", "question 7", "answer 8"]


async def test_turn_that_runs_while_a_close_is_refused_is_saved(d1_isolate: D1Isolate) -> None:
    elsewhere = d1_isolate.another(ScriptedResponder())
    d1_isolate.responder.released.clear()
    turn = d1_isolate.ask_in_background("one")
    await d1_isolate.responder.asked()
    await elsewhere.ask("two", visitor=ADA)
    with pytest.raises(ConversationOfAnother):
        await d1_isolate.sessions.close(d1_isolate.session_id)
    d1_isolate.responder.released.set()
    assert ((await turn).saved, (await turn).turn) == (True, 2)


async def test_model_is_told_the_name_and_nothing_else(d1_isolate: D1Isolate) -> None:
    await d1_isolate.ask("one", visitor=Visitor("a" * 64, 'Ada "the Great"'))
    await d1_isolate.ask("two", visitor=Visitor("a" * 64))
    named, unnamed = (prompt.system for prompt in d1_isolate.responder.prompts)
    assert unnamed == "You know things."
    assert named.startswith(unnamed)
    assert '"Ada \\"the Great\\""' in named
    assert "a" * 64 not in repr(d1_isolate.responder.prompts)


async def test_kv_has_no_owners(isolate: Isolate) -> None:
    question = Question(isolate.session_id, "one", visitor=ADA)
    assert (await isolate.conversation.answer(question)).saved
    assert (await isolate.ask("two", seen=1)).context == "complete"
