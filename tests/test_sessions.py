"""Turns that overlap, are repeated or meet a store that lags or refuses writes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from errors import ResponderError, TurnConflict
from responders.responder import Reply
from sessions.limits import REREAD_SECONDS, SessionLimits
from sessions.retrying import SAVE_RETRY_SECONDS
from settings import Settings
from stores.fake_kv import FakeKV
from tests.clocks import ManualClock
from tests.isolates import Isolate, SlowKV
from tests.responders import ScriptedResponder

if TYPE_CHECKING:
    from prompt import Prompt


LIMITS = SessionLimits.of(Settings())


class Echo(ScriptedResponder):
    """Answers each question with its own text."""

    async def answer(self, prompt: Prompt) -> Reply:
        await super().answer(prompt)
        return Reply(text=f"re: {prompt.question}", model="echo", usage=None, finish_reason="stop")


class UnconfirmedKV(FakeKV):
    """A KV whose first put is stored, but whose response gets lost."""

    async def put(self, *args: Any, **options: Any) -> None:
        await super().put(*args, **options)
        if self.writes == 1:
            raise TimeoutError


async def finish_retried_save(isolate: Isolate) -> None:
    """Let a save that is waiting for its first retry on a manual clock finish."""
    await isolate.clock.sleeping()
    isolate.clock.advance(SAVE_RETRY_SECONDS[0])
    await isolate.background.drain()


async def test_repeated_turn_gets_the_stored_answer(isolate: Isolate) -> None:
    turn_id = str(uuid4())
    first = await isolate.ask("one", turn_id=turn_id)
    isolate.clock.advance(2)
    await isolate.ask("two")
    isolate.clock.advance(2)
    again = await isolate.ask("one", turn_id=turn_id)
    assert (again.response, again.turn, again.model, again.usage) == ("answer 1", 1, first.model, first.usage)
    assert (again.saved, again.repeated, first.repeated) == (True, True, False)
    assert len(isolate.responder.prompts) == 2
    assert isolate.kv.writes == 2


async def test_repeated_turn_is_streamed_in_one_piece(isolate: Isolate) -> None:
    question = isolate.question("one")
    await isolate.conversation.answer(question)
    stream = await isolate.conversation.stream(question)
    assert [piece async for piece in stream] == [["answer 1"]]
    assert stream.answer.repeated


async def test_turn_in_progress_is_rejected(isolate: Isolate) -> None:
    isolate.responder.released.clear()
    turn_id = str(uuid4())
    first = isolate.ask_in_background("one", turn_id=turn_id)
    await isolate.responder.asked()
    with pytest.raises(TurnConflict) as conflict:
        await isolate.ask("one", turn_id=turn_id)
    assert (conflict.value.code, conflict.value.retry_after) == ("turn_in_progress", 1)
    isolate.responder.released.set()
    assert (await first).response == "answer 1"
    assert (await isolate.ask("one", turn_id=turn_id)).repeated


async def test_turn_cancelled_by_the_platform_can_be_repeated(isolate: Isolate) -> None:
    turn_id = str(uuid4())
    cancelled = isolate.sessions.turn(isolate.session_id, turn_id)
    await cancelled.__aenter__()  # and never exits
    isolate.clock.advance(LIMITS.turn_lease.total_seconds())
    assert (await isolate.ask("one", turn_id=turn_id)).response == "answer 1"
    isolate.clock.advance(LIMITS.session_lease.total_seconds())
    async with isolate.sessions.turn("another", turn_id):
        assert len(isolate.sessions) == 1


async def test_failed_turn_can_be_repeated(isolate: Isolate) -> None:
    isolate.responder.errors = [ResponderError()]
    turn_id = str(uuid4())
    with pytest.raises(ResponderError):
        await isolate.ask("one", turn_id=turn_id)
    assert (await isolate.ask("one", turn_id=turn_id)).turn == 1


async def test_turn_id_belongs_to_one_question(isolate: Isolate) -> None:
    turn_id = str(uuid4())
    await isolate.ask("one", turn_id=turn_id)
    with pytest.raises(TurnConflict) as conflict:
        await isolate.ask("two", turn_id=turn_id)
    assert conflict.value.code == "turn_id_reused"
    assert await isolate.stored() == ["one", "answer 1"]


async def test_trimmed_turn_is_answered_anew(isolate: Isolate) -> None:
    turn_id = str(uuid4())
    await isolate.ask("one", turn_id=turn_id)
    for number in range(5):
        isolate.clock.advance(2)
        await isolate.ask(f"question {number}")
    isolate.clock.advance(2)
    assert (await isolate.ask("one", turn_id=turn_id)).repeated is False


async def test_unsaved_turn_is_repeated_as_unsaved() -> None:
    isolate = Isolate(clock=ManualClock())
    turn_id = str(uuid4())
    isolate.faults.refused_puts = 1
    assert (await isolate.ask("one", turn_id=turn_id)).saved is False
    again = await isolate.ask("one", turn_id=turn_id)
    assert (again.repeated, again.saved, again.expires_at) == (True, False, None)
    await finish_retried_save(isolate)
    assert (await isolate.ask("one", turn_id=turn_id)).saved is True
    assert len(isolate.responder.prompts) == 1


@pytest.mark.parametrize("turns", [2, 50])
async def test_concurrent_turns_are_all_stored_with_their_own_answers(turns: int) -> None:
    isolate = Isolate(responder=Echo(), settings=Settings(max_messages=100))
    isolate.responder.released.clear()
    asked = [isolate.ask_in_background(f"question {number}") for number in range(turns)]
    await isolate.responder.asked(turns)
    isolate.responder.released.set()
    answers = await asyncio.gather(*asked)
    await isolate.background.drain()
    assert [answer.response for answer in answers] == [f"re: question {number}" for number in range(turns)]
    assert sorted(answer.turn for answer in answers) == list(range(1, turns + 1))
    said = await isolate.stored()
    assert said[1::2] == [f"re: {question}" for question in said[::2]]
    assert sorted(said[::2]) == sorted(f"question {number}" for number in range(turns))
    assert [answer.turn for answer in answers] == [said.index(answer.response) // 2 + 1 for answer in answers]
    assert isolate.kv.reads <= 2 * (turns + 3)  # one before the rest is written, and two here
    assert len(isolate.sessions) == 0


async def test_same_question_asked_twice_concurrently_is_two_turns(isolate: Isolate) -> None:
    isolate.responder.released.clear()
    asked = [isolate.ask_in_background("one") for _ in range(2)]
    await isolate.responder.asked(2)
    isolate.responder.released.set()
    await asyncio.gather(*asked)
    await isolate.background.drain()
    session = await isolate.storage.get_session(isolate.session_id)
    assert session is not None
    assert (session.turn, len(session.messages)) == (2, 4)


async def test_second_turn_within_a_second_sees_the_first_and_is_stored_after_it(isolate: Isolate) -> None:
    first = await isolate.ask("one")
    second = await isolate.ask("two")  # KV takes one write a second
    await isolate.ask("three")
    assert [(answer.turn, answer.saved) for answer in (first, second)] == [(1, True), (2, False)]
    assert [m.content for m in isolate.responder.prompts[2].history] == ["one", "answer 1", "two", "answer 2"]
    await isolate.background.drain()
    assert await isolate.stored() == ["one", "answer 1", "two", "answer 2", "three", "answer 3"]


@pytest.mark.parametrize("stored", [0, 1])
async def test_find_includes_unsaved_exchanges(stored: int) -> None:
    isolate = Isolate(clock=ManualClock())
    for _ in range(stored):
        await isolate.ask("one")
        isolate.clock.advance(2)
    isolate.faults.refused_puts = 1
    await isolate.ask("two")
    assert len(await isolate.stored()) == 2 * stored
    found = await isolate.sessions.find(isolate.session_id)
    assert found is not None
    assert (found.turn, found.messages[-2].content) == (stored + 1, "two")
    await finish_retried_save(isolate)
    in_store = await isolate.storage.get_session(isolate.session_id)
    assert await isolate.sessions.find(isolate.session_id) == in_store


async def test_find_returns_none_while_the_first_turn_is_answered(isolate: Isolate) -> None:
    isolate.responder.released.clear()
    turn = isolate.ask_in_background("one")
    await isolate.responder.asked()
    assert await isolate.sessions.find(isolate.session_id) is None
    isolate.responder.released.set()
    await turn


async def test_exchange_that_ends_during_a_write_is_written_next() -> None:
    isolate = Isolate(clock=ManualClock())
    isolate.responder.released.clear()
    turns = [isolate.ask_in_background(text) for text in ("one", "two")]
    await isolate.responder.asked(2)
    isolate.faults.slowness = 1
    isolate.responder.released.set()
    await isolate.clock.sleeping(2)  # the write of "one", and the retry for "two"
    isolate.faults.slowness = 0
    isolate.clock.advance(1)
    assert [(await turn).saved for turn in turns] == [True, False]
    isolate.clock.advance(1)
    await isolate.background.drain()
    assert await isolate.stored() == ["one", "answer 1", "two", "answer 2"]


async def test_retried_write_follows_what_another_isolate_stored() -> None:
    isolate = Isolate(clock=ManualClock())
    isolate.faults.refused_puts = 1
    await isolate.ask("here")
    await isolate.another().ask("there")
    await finish_retried_save(isolate)
    assert await isolate.stored() == ["there", "answer 2", "here", "answer 1"]


async def test_write_whose_response_was_lost_is_not_repeated(isolate: Isolate) -> None:
    isolate.kv = UnconfirmedKV(isolate.clock)
    isolate.restart()
    assert (await isolate.ask("one")).saved is False
    await isolate.background.drain()
    session = await isolate.storage.get_session(isolate.session_id)
    assert session is not None
    assert (session.turn, len(session.messages)) == (1, 2)


async def test_stale_store_is_read_again(isolate: Isolate) -> None:
    await isolate.ask("one")
    isolate.clock.advance(100)
    isolate.faults.staleness = 0.5
    await isolate.ask("two", seen=1)
    isolate.clock.advance(0.1)
    reads = isolate.kv.reads
    async with isolate.sessions.turn(isolate.session_id, "three", seen=2) as turn:
        assert isolate.kv.reads == reads + 6
        assert (turn.context, len(turn.history)) == ("complete", 4)


@pytest.mark.parametrize(("known", "context"), [(1, "stale"), (0, "lost")])
async def test_answer_says_that_its_context_is_incomplete(isolate: Isolate, known: int, context: str) -> None:
    for _ in range(known):
        await isolate.ask("one")
    isolate.clock.advance(100)
    sleeps = len(isolate.clock.sleeps)
    assert (await isolate.ask("two", seen=3)).context == context
    assert isolate.clock.sleeps[sleeps:] == list(REREAD_SECONDS)
    assert sum(REREAD_SECONDS) < 1


@pytest.mark.parametrize("seen", [0, 1])
async def test_store_is_read_once_if_it_shows_all_seen_turns(isolate: Isolate, seen: int) -> None:
    await isolate.ask("one")
    isolate.clock.advance(2)
    assert (await isolate.ask("two", seen=seen)).context == "complete"
    assert (isolate.kv.reads, isolate.clock.sleeps) == (4, [])


@pytest.mark.parametrize(
    ("settings", "seconds"),
    [
        (Settings(), 150),
        (Settings(answer_timeout_seconds=600, storage_timeout_seconds=25), 700),
        (Settings(openai_timeout_seconds=120, openai_max_retries=5), 6 * 128),
    ],
)
async def test_long_answer_is_asked_for_once(settings: Settings, seconds: float) -> None:
    isolate = Isolate(clock=ManualClock(), settings=settings)
    isolate.responder.released.clear()
    turn_id = str(uuid4())
    first = isolate.ask_in_background("one", turn_id=turn_id)
    await isolate.responder.asked()
    isolate.clock.advance(seconds / 2)
    async with isolate.sessions.turn("another", turn_id):  # begins to forget what is held too long
        isolate.clock.advance(seconds / 2)
    with pytest.raises(TurnConflict):
        await isolate.ask("one", turn_id=turn_id)
    isolate.responder.released.set()
    assert (await first).saved
    assert (await isolate.ask("one", turn_id=turn_id)).repeated
    assert len(isolate.responder.prompts) == 1


async def test_slow_write_does_not_undo_a_later_one() -> None:
    isolate = Isolate(clock=ManualClock(), settings=Settings(storage_timeout_seconds=25))
    kv = SlowKV(isolate.clock)
    isolate.kv = kv
    isolate.restart()
    first = isolate.ask_in_background("one")
    await kv.arrived.wait()
    isolate.clock.advance(20)
    second = await isolate.ask("two")
    kv.release.set()
    assert ((await first).saved, second.saved) == (True, False)
    await finish_retried_save(isolate)
    assert await isolate.stored() == ["one", "answer 1", "two", "answer 2"]
