"""Turns that run at once, come twice, or end after their session was closed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from errors import ResponderError, SessionClosed, StorageError, TurnConflict
from responders.responder import Reply
from sessions.closing import CLOSE_CHECK_SECONDS
from sessions.live import SESSION_LEASE, TURN_LEASE
from sessions.sessions import REREAD_SECONDS, SAVE_RETRY_SECONDS
from settings import Settings
from stores.fake_kv import FakeKV
from tests.clocks import AutoClock, ManualClock
from tests.conversations import Bench
from tests.responders import ScriptedResponder

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from models import Answer
    from prompt import Prompt


class Echo(ScriptedResponder):
    """Answers each question with its own text, once `hold` is set."""

    async def answer(self, prompt: Prompt) -> Reply:
        await super().answer(prompt)
        return Reply(text=f"re: {prompt.question}", model="echo", usage=None, finish_reason="stop")


class SlowKV(FakeKV):
    """A KV whose first put waits until it is released."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__(clock)
        self.arrived, self.release = asyncio.Event(), asyncio.Event()

    async def put(self, *args: Any, **options: Any) -> None:
        if not self.arrived.is_set():
            self.arrived.set()
            await self.release.wait()
        await super().put(*args, **options)


class UnconfirmedKV(FakeKV):
    """A KV whose first put is stored, but whose response gets lost."""

    async def put(self, *args: Any, **options: Any) -> None:
        await super().put(*args, **options)
        if self.writes == 1:
            raise TimeoutError


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.fixture(autouse=True)
async def nothing_is_held_at_the_end(bench: Bench) -> AsyncGenerator[None]:
    yield
    await asyncio.wait_for(bench.background.drain(), 5)
    assert len(bench.sessions) == 0
    assert len(bench.background) == 0


def start(bench: Bench, text: str, **fields: Any) -> asyncio.Task[Answer]:
    """Begin to ask; the responder's `hold` decides when the answer ends."""
    return asyncio.create_task(bench.ask(text, **fields))


async def save_retried(bench: Bench) -> None:
    """Let a save that waits for its first retry, on a manual clock, finish."""
    await bench.clock.sleeping()
    bench.clock.advance(SAVE_RETRY_SECONDS[0])
    await bench.background.drain()


async def test_same_turn_again_gets_the_stored_answer(bench: Bench) -> None:
    turn_id = str(uuid4())
    first = await bench.ask("one", turn_id=turn_id)
    bench.clock.advance(2)
    await bench.ask("two")
    bench.clock.advance(2)
    again = await bench.ask("one", turn_id=turn_id)
    assert (again.response, again.turn, again.model, again.usage) == ("answer 1", 1, first.model, first.usage)
    assert (again.saved, again.repeated, first.repeated) == (True, True, False)
    assert len(bench.responder.prompts) == 2
    assert bench.kv.writes == 2


async def test_same_turn_again_as_a_stream_comes_in_one_piece(bench: Bench) -> None:
    question = bench.question("one")
    await bench.conversation.answer(question)
    stream = await bench.conversation.stream(question)
    assert [piece async for piece in stream] == [["answer 1"]]
    assert stream.answer.repeated


async def test_turn_in_progress_is_refused_a_second_time(bench: Bench) -> None:
    bench.responder.hold.clear()
    turn_id = str(uuid4())
    first = start(bench, "one", turn_id=turn_id)
    await bench.responder.asked()
    with pytest.raises(TurnConflict) as conflict:
        await bench.ask("one", turn_id=turn_id)
    assert (conflict.value.code, conflict.value.retry_after) == ("turn_in_progress", 1)
    bench.responder.hold.set()
    assert (await first).response == "answer 1"
    assert (await bench.ask("one", turn_id=turn_id)).repeated


async def test_turn_cancelled_by_the_platform_can_be_asked_again(bench: Bench) -> None:
    turn_id = str(uuid4())
    cancelled = bench.sessions.turn(bench.session_id, turn_id)
    await cancelled.__aenter__()  # and never leaves
    bench.clock.advance(TURN_LEASE.total_seconds())
    assert (await bench.ask("one", turn_id=turn_id)).response == "answer 1"
    bench.clock.advance(SESSION_LEASE.total_seconds())
    async with bench.sessions.turn("another", turn_id):
        assert len(bench.sessions) == 1


async def test_failed_turn_can_be_asked_again(bench: Bench) -> None:
    bench.responder.errors = [ResponderError()]
    turn_id = str(uuid4())
    with pytest.raises(ResponderError):
        await bench.ask("one", turn_id=turn_id)
    assert (await bench.ask("one", turn_id=turn_id)).turn == 1


async def test_turn_id_belongs_to_one_question(bench: Bench) -> None:
    turn_id = str(uuid4())
    await bench.ask("one", turn_id=turn_id)
    with pytest.raises(TurnConflict) as conflict:
        await bench.ask("two", turn_id=turn_id)
    assert conflict.value.code == "turn_id_reused"
    assert await bench.said() == ["one", "answer 1"]


async def test_trimmed_turn_is_asked_anew(bench: Bench) -> None:
    turn_id = str(uuid4())
    await bench.ask("one", turn_id=turn_id)
    for number in range(5):
        bench.clock.advance(2)
        await bench.ask(f"question {number}")
    bench.clock.advance(2)
    assert (await bench.ask("one", turn_id=turn_id)).repeated is False


async def test_unsaved_turn_is_repeated_as_unsaved() -> None:
    bench = Bench(clock=ManualClock())
    turn_id = str(uuid4())
    bench.faults.refused_puts = 1
    assert (await bench.ask("one", turn_id=turn_id)).saved is False
    again = await bench.ask("one", turn_id=turn_id)
    assert (again.repeated, again.saved, again.expires_at) == (True, False, None)
    await save_retried(bench)
    assert (await bench.ask("one", turn_id=turn_id)).saved is True
    assert len(bench.responder.prompts) == 1


@pytest.mark.parametrize("turns", [2, 50])
async def test_concurrent_turns_are_all_kept_and_none_is_mixed_up(turns: int) -> None:
    bench = Bench(responder=Echo(), settings=Settings(max_messages=100))
    bench.responder.hold.clear()
    asked = [start(bench, f"question {number}") for number in range(turns)]
    await bench.responder.asked(turns)
    bench.responder.hold.set()
    answers = await asyncio.gather(*asked)
    await bench.background.drain()
    assert [answer.response for answer in answers] == [f"re: question {number}" for number in range(turns)]
    assert sorted(answer.turn for answer in answers) == list(range(1, turns + 1))
    said = await bench.said()
    assert said[1::2] == [f"re: {question}" for question in said[::2]]
    assert sorted(said[::2]) == sorted(f"question {number}" for number in range(turns))
    assert [answer.turn for answer in answers] == [said.index(answer.response) // 2 + 1 for answer in answers]
    assert bench.kv.reads <= turns + 3  # one more before the rest is written together, and two here
    assert len(bench.sessions) == 0


async def test_same_question_twice_at_once_is_two_turns(bench: Bench) -> None:
    bench.responder.hold.clear()
    asked = [start(bench, "one") for _ in range(2)]
    await bench.responder.asked(2)
    bench.responder.hold.set()
    await asyncio.gather(*asked)
    await bench.background.drain()
    session = await bench.storage.get_session(bench.session_id)
    assert session is not None
    assert (session.turn, len(session.messages)) == (2, 4)


async def test_second_turn_within_a_second_knows_the_first_and_is_written_after_it(bench: Bench) -> None:
    first = await bench.ask("one")
    second = await bench.ask("two")  # KV takes one write a second
    await bench.ask("three")
    assert [(answer.turn, answer.saved) for answer in (first, second)] == [(1, True), (2, False)]
    assert [m.content for m in bench.responder.prompts[2].history] == ["one", "answer 1", "two", "answer 2"]
    await bench.background.drain()
    assert await bench.said() == ["one", "answer 1", "two", "answer 2", "three", "answer 3"]


async def test_find_includes_exchanges_that_are_not_written_yet(bench: Bench) -> None:
    bench.faults.refused_puts = 1
    await bench.ask("one")
    session = await bench.sessions.find(bench.session_id)
    assert session is not None
    assert [m.content for m in session.messages] == ["one", "answer 1"]
    bench.clock.advance(2)
    await bench.ask("two")
    await bench.background.drain()
    assert await bench.sessions.find(bench.session_id) == await bench.storage.get_session(bench.session_id)


async def test_late_write_comes_after_what_another_isolate_stored() -> None:
    bench = Bench(clock=ManualClock())
    bench.faults.refused_puts = 1
    await bench.ask("here")
    await bench.another_isolate().ask("there")
    await save_retried(bench)
    assert await bench.said() == ["there", "answer 2", "here", "answer 1"]


async def test_write_whose_response_was_lost_is_not_doubled(bench: Bench) -> None:
    bench.kv = UnconfirmedKV(bench.clock)
    bench.restart()
    assert (await bench.ask("one")).saved is False
    await bench.background.drain()
    session = await bench.storage.get_session(bench.session_id)
    assert session is not None
    assert (session.turn, len(session.messages)) == (1, 2)


async def test_stale_read_is_repeated(bench: Bench) -> None:
    await bench.ask("one")
    bench.clock.advance(100)
    bench.faults.staleness = 0.5
    await bench.ask("two", seen=1)
    bench.clock.advance(0.1)
    reads = bench.kv.reads
    async with bench.sessions.turn(bench.session_id, "three", seen=2) as turn:
        assert bench.kv.reads == reads + 3
        assert (turn.context, len(turn.history)) == ("complete", 4)


@pytest.mark.parametrize(("known", "context"), [(1, "stale"), (0, "lost")])
async def test_answer_says_that_its_context_stayed_stale(bench: Bench, known: int, context: str) -> None:
    for _ in range(known):
        await bench.ask("one")
    bench.clock.advance(100)
    sleeps = len(bench.clock.sleeps)
    assert (await bench.ask("two", seen=3)).context == context
    assert bench.clock.sleeps[sleeps:] == list(REREAD_SECONDS)
    assert sum(REREAD_SECONDS) < 1


@pytest.mark.parametrize("seen", [0, 1])
async def test_visitor_who_has_seen_no_more_waits_for_nothing(bench: Bench, seen: int) -> None:
    await bench.ask("one")
    bench.clock.advance(2)
    assert (await bench.ask("two", seen=seen)).context == "complete"
    assert (bench.kv.reads, bench.clock.sleeps) == (2, [])


async def test_closed_session_is_refused_at_once_and_later(bench: Bench) -> None:
    await bench.ask("one")
    bench.clock.advance(2)
    await bench.sessions.close(bench.session_id)
    reads = bench.kv.reads
    with pytest.raises(SessionClosed):
        async with bench.sessions.turn(bench.session_id, "two"):
            pass
    assert bench.kv.reads == reads  # this isolate knows without reading
    with pytest.raises(SessionClosed):
        await bench.ask("two")
    await bench.background.drain()
    with pytest.raises(SessionClosed):
        await bench.ask("two")
    assert len(bench.responder.prompts) == 1
    assert await bench.sessions.find(bench.session_id) is None


@pytest.mark.parametrize("seconds", [0, 2])
async def test_running_turn_does_not_revive_a_closed_session(bench: Bench, seconds: float) -> None:
    await bench.ask("one")
    bench.responder.hold.clear()
    turn = start(bench, "two")
    await bench.responder.asked(2)
    bench.clock.advance(seconds)  # with 0, KV takes no write yet, and the note follows
    await bench.sessions.close(bench.session_id)
    assert await bench.storage.get_session(bench.session_id) is None
    bench.responder.hold.set()
    answer = await turn
    assert (answer.response, answer.saved, answer.turn) == ("answer 2", False, 2)
    await bench.background.drain()
    assert await bench.storage.is_closed(bench.session_id)


async def test_write_in_progress_does_not_revive_a_closed_session(bench: Bench) -> None:
    kv = SlowKV(bench.clock)
    bench.kv = kv
    bench.restart()
    turn = start(bench, "one")
    await kv.arrived.wait()
    await bench.sessions.close(bench.session_id)
    bench.clock.advance(2)
    kv.release.set()
    assert (await turn).saved is False
    await bench.background.drain()
    assert await bench.storage.is_closed(bench.session_id)


async def test_turn_of_another_isolate_does_not_revive_a_closed_session(bench: Bench) -> None:
    away = ScriptedResponder()
    away.hold.clear()
    turn = start(bench.another_isolate(away), "one")
    await away.asked()
    await bench.sessions.close(bench.session_id)
    bench.clock.advance(1)
    away.hold.set()
    await turn
    await bench.background.drain()
    assert await bench.storage.is_closed(bench.session_id)
    assert sum(CLOSE_CHECK_SECONDS) < 30


async def test_unsaved_answer_is_forgotten_with_its_session(bench: Bench) -> None:
    bench.faults.refused_puts = 1
    await bench.ask("one")
    await bench.sessions.close(bench.session_id)
    await bench.background.drain()
    assert await bench.storage.is_closed(bench.session_id)


async def test_late_write_ends_when_the_session_is_closed_elsewhere(bench: Bench) -> None:
    bench.faults.refused_puts = 1
    await bench.ask("one")
    await bench.another_isolate().sessions.close(bench.session_id)
    await bench.background.drain()
    assert await bench.storage.is_closed(bench.session_id)


async def test_close_that_fails_is_reported_and_retried(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    await bench.ask("one")
    bench.faults.fail("put", RuntimeError("KV PUT failed: 500"))
    bench.faults.fail("delete", RuntimeError("KV DELETE failed: 500"))
    with pytest.raises(StorageError):
        await bench.sessions.close(bench.session_id)
    await bench.background.drain()
    assert await bench.storage.is_closed(bench.session_id)
    assert "could not be stored" not in caplog.text


async def test_close_that_kv_never_stores_is_logged(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    await bench.ask("one")
    bench.faults.refused_puts = 100
    await bench.sessions.close(bench.session_id)  # the key is deleted all the same
    await bench.background.drain()
    assert await bench.storage.get_session(bench.session_id) is None
    assert "was closed, but that could not be stored" in caplog.text


async def test_closing_twice_is_one_write(bench: Bench) -> None:
    assert isinstance(bench.clock, AutoClock)
    await bench.sessions.close(bench.session_id)
    await bench.sessions.close(bench.session_id)
    assert (bench.kv.writes, bench.kv.deletes) == (1, 0)
