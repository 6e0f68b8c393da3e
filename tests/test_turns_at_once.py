"""Turns that run at once, come twice, or end after their session was closed: none lost, none revived."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from conversation import Conversation, Turn
from errors import ResponderError, SessionBudgetSpent, SessionClosed, StorageError, TurnConflict
from responders.responder import Reply
from session_storage import KVSessionStorage
from sessions.keeper import CLOSE_CHECK_SECONDS, REREAD_SECONDS, SAVE_RETRY_SECONDS
from settings import Settings
from tests.clocks import ManualClock
from tests.responders import ScriptedResponder
from tests.test_conversation import Bench

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from prompt import Prompt


class Echo(ScriptedResponder):
    """Answers each question with its own text, once it is let go."""

    async def respond(self, prompt: Prompt, *, streamed: bool) -> AsyncGenerator[str | Reply]:
        del streamed
        self.prompts.append(prompt)
        await self.hold.wait()
        yield f"re: {prompt.question}"
        yield Reply(text=f"re: {prompt.question}", model="echo", usage=None, finish_reason="stop")


async def ask(bench: Bench, question: str, *, turn_id: str | None = None, turns: int = 0) -> Turn:
    items = bench.conversation.ask(bench.session_id, question, streamed=False, turn_id=turn_id, turns=turns)
    *_, turn = [item async for item in items]
    assert isinstance(turn, Turn)
    return turn


async def saved_later(bench: Bench) -> None:
    """Let the first retry of a save, which stands still with the bench's manual clock, come to its end."""
    await bench.clock.sleeping()
    bench.clock.advance(SAVE_RETRY_SECONDS[0])
    await bench.background.drain()


def isolate(bench: Bench, responder: ScriptedResponder | None = None, **settings: int) -> Conversation:
    """Another isolate on the same KV."""
    return Conversation(
        storage=KVSessionStorage(bench.kv, Settings.model_validate(settings), bench.clock),
        responder=responder or bench.responder,
        system_prompt="You know things.",
        clock=bench.clock,
        background=bench.background,
    )


@pytest.fixture
def bench() -> Bench:
    """A bench whose clock has left the second of the last write behind."""
    return Bench()


@pytest.fixture(autouse=True)
async def nothing_is_held_at_the_end(bench: Bench) -> AsyncGenerator[None]:
    yield
    await asyncio.wait_for(bench.background.drain(), 5)
    assert len(bench.conversation.keeper.live) == 0
    assert len(bench.background) == 0


async def test_the_same_turn_again_gets_the_stored_answer(bench: Bench) -> None:
    turn_id = str(uuid4())
    first = await ask(bench, "one", turn_id=turn_id)
    bench.clock.advance(2)
    await ask(bench, "two")
    bench.clock.advance(2)
    again = await ask(bench, "one", turn_id=turn_id)
    assert (again.response, again.turn, again.model, again.usage) == ("answer 1", 1, first.model, first.usage)
    assert (again.saved, again.repeated, first.repeated) == (True, True, False)
    assert len(bench.responder.prompts) == 2
    assert bench.kv.writes == 2


async def test_a_turn_under_way_is_not_asked_twice(bench: Bench) -> None:
    bench.responder.hold.clear()
    turn_id = str(uuid4())
    first = asyncio.create_task(ask(bench, "one", turn_id=turn_id))
    await asyncio.sleep(0.001)
    with pytest.raises(TurnConflict) as conflict:
        await ask(bench, "one", turn_id=turn_id)
    assert (conflict.value.code, conflict.value.retry_after) == ("turn_in_progress", 1)
    bench.responder.hold.set()
    assert (await first).response == "answer 1"
    assert (await ask(bench, "one", turn_id=turn_id)).repeated


async def test_a_turn_that_the_platform_ended_may_be_asked_again(bench: Bench) -> None:
    turn_id = str(uuid4())
    bench.conversation.keeper.live.hold(bench.session_id).begin_turn(turn_id, bench.clock.now())
    bench.clock.advance(120)
    assert (await ask(bench, "one", turn_id=turn_id)).response == "answer 1"
    bench.clock.advance(900)
    bench.conversation.keeper.live.release(bench.conversation.keeper.live.hold("another"))


async def test_a_failed_turn_may_be_asked_again(bench: Bench) -> None:
    bench.responder.errors = [ResponderError()]
    turn_id = str(uuid4())
    with pytest.raises(ResponderError):
        await ask(bench, "one", turn_id=turn_id)
    assert (await ask(bench, "one", turn_id=turn_id)).turn == 1


async def test_a_turn_id_belongs_to_one_question(bench: Bench) -> None:
    turn_id = str(uuid4())
    await ask(bench, "one", turn_id=turn_id)
    with pytest.raises(TurnConflict) as conflict:
        await ask(bench, "two", turn_id=turn_id)
    assert conflict.value.code == "turn_id_reused"
    assert await bench.said() == ["one", "answer 1"]


async def test_a_turn_that_was_trimmed_is_not_known_any_more(bench: Bench) -> None:
    turn_id = str(uuid4())
    await ask(bench, "one", turn_id=turn_id)
    for number in range(5):
        bench.clock.advance(2)
        await ask(bench, f"question {number}")
    bench.clock.advance(2)
    assert (await ask(bench, "one", turn_id=turn_id)).repeated is False


async def test_an_unsaved_turn_is_repeated_as_unsaved() -> None:
    bench = Bench(clock=ManualClock())
    turn_id = str(uuid4())
    bench.faults.refused_puts = 1
    assert (await ask(bench, "one", turn_id=turn_id)).saved is False
    again = await ask(bench, "one", turn_id=turn_id)
    assert (again.repeated, again.saved, again.expires_at) == (True, False, None)
    await saved_later(bench)
    assert (await ask(bench, "one", turn_id=turn_id)).saved is True
    assert len(bench.responder.prompts) == 1


@pytest.mark.parametrize("turns", [2, 50])
async def test_turns_at_once_are_all_kept_and_none_is_crossed(turns: int) -> None:
    bench = Bench()
    bench.responder = Echo()
    bench.conversation = isolate(bench, bench.responder, max_messages=100)
    bench.storage = KVSessionStorage(bench.kv, Settings(max_messages=100), bench.clock)
    bench.responder.hold.clear()
    asked = [asyncio.create_task(ask(bench, f"question {number}")) for number in range(turns)]
    await asyncio.sleep(0.001)
    bench.responder.hold.set()
    answers = await asyncio.gather(*asked)
    await bench.background.drain()
    assert [answer.response for answer in answers] == [f"re: question {number}" for number in range(turns)]
    assert sorted(answer.turn for answer in answers) == list(range(1, turns + 1))
    said = await bench.said()
    assert said[1::2] == [f"re: {question}" for question in said[::2]]
    assert sorted(said[::2]) == sorted(f"question {number}" for number in range(turns))
    assert [answer.turn for answer in answers] == [said.index(answer.response) // 2 + 1 for answer in answers]
    assert bench.kv.reads <= turns + 3  # one look again before the rest is written at once, and two here
    assert len(bench.conversation.keeper.live) == 0


async def test_the_same_question_twice_at_once_is_two_turns(bench: Bench) -> None:
    bench.responder.hold.clear()
    asked = [asyncio.create_task(ask(bench, "one")) for _ in range(2)]
    await asyncio.sleep(0.001)
    bench.responder.hold.set()
    await asyncio.gather(*asked)
    await bench.background.drain()
    session = await bench.storage.get_session(bench.session_id)
    assert session is not None
    assert (session.turn, len(session.messages)) == (2, 4)


async def test_a_second_turn_within_a_second_knows_the_first_and_is_written_after_it(bench: Bench) -> None:
    first = await ask(bench, "one")
    second = await ask(bench, "two")  # KV takes one write a second
    await ask(bench, "three")
    assert [(turn.turn, turn.saved) for turn in (first, second)] == [(1, True), (2, False)]
    assert [m.content for m in bench.responder.prompts[2].history] == ["one", "answer 1", "two", "answer 2"]
    await bench.background.drain()
    assert await bench.said() == ["one", "answer 1", "two", "answer 2", "three", "answer 3"]


async def test_what_is_not_written_yet_is_shown(bench: Bench) -> None:
    bench.faults.refused_puts = 1
    await ask(bench, "one")
    session = await bench.conversation.keeper.find(bench.session_id)
    assert session is not None
    assert [m.content for m in session.messages] == ["one", "answer 1"]
    bench.clock.advance(2)
    await ask(bench, "two")
    await bench.background.drain()
    assert await bench.conversation.keeper.find(bench.session_id) == await bench.storage.get_session(
        bench.session_id
    )


async def test_a_late_write_goes_behind_what_another_isolate_stored() -> None:
    bench = Bench(clock=ManualClock())
    bench.faults.refused_puts = 1
    await ask(bench, "here")
    other = isolate(bench)
    assert [item async for item in other.ask(bench.session_id, "there", streamed=False)]
    await saved_later(bench)
    assert await bench.said() == ["there", "answer 2", "here", "answer 1"]


async def test_a_write_that_timed_out_but_landed_is_not_doubled(bench: Bench) -> None:
    put = bench.kv.put

    async def lands_then_fails(*args: object, **options: object) -> None:
        await put(*args, **options)  # type: ignore[arg-type]  # as they came
        bench.kv.put = put  # type: ignore[method-assign]  # once
        raise TimeoutError

    bench.kv.put = lands_then_fails  # type: ignore[method-assign]  # KV's answer is lost on the way
    assert (await ask(bench, "one")).saved is False
    await bench.background.drain()
    session = await bench.storage.get_session(bench.session_id)
    assert session is not None
    assert (session.turn, len(session.messages)) == (1, 2)


async def test_a_stale_read_is_looked_at_again(bench: Bench) -> None:
    await ask(bench, "one")
    bench.clock.advance(100)
    bench.faults.staleness = 0.5
    await ask(bench, "two", turns=1)
    bench.clock.advance(0.1)
    reads = bench.kv.reads
    assert (await ask(bench, "three", turns=2)).context == "complete"
    assert bench.kv.reads == reads + 3
    assert len(bench.responder.prompts[2].history) == 4


@pytest.mark.parametrize(("known", "context"), [(1, "stale"), (0, "lost")])
async def test_what_stays_stale_is_said(bench: Bench, known: int, context: str) -> None:
    for _ in range(known):
        await ask(bench, "one")
    bench.clock.advance(100)
    sleeps = len(bench.clock.sleeps)
    turn = await ask(bench, "two", turns=3)
    assert turn.context == context
    assert bench.clock.sleeps[sleeps:] == list(REREAD_SECONDS)
    assert sum(REREAD_SECONDS) < 1


@pytest.mark.parametrize("turns", [0, 1])
async def test_who_has_seen_no_more_waits_for_nothing(bench: Bench, turns: int) -> None:
    await ask(bench, "one")
    bench.clock.advance(2)
    assert (await ask(bench, "two", turns=turns)).context == "complete"
    assert (bench.kv.reads, bench.clock.sleeps) == (2, [])


async def test_a_closed_session_is_refused(bench: Bench) -> None:
    await ask(bench, "one")
    bench.clock.advance(2)
    await bench.conversation.keeper.close(bench.session_id)
    with pytest.raises(SessionClosed), bench.conversation.keeper.turn(bench.session_id, "turn"):
        pass  # this isolate knows, before it reads
    with pytest.raises(SessionClosed):
        await ask(bench, "two")
    await bench.background.drain()
    with pytest.raises(SessionClosed):
        await ask(bench, "two")
    assert len(bench.responder.prompts) == 1
    assert await bench.conversation.keeper.find(bench.session_id) is None


@pytest.mark.parametrize("seconds", [0, 2])
async def test_a_turn_under_way_does_not_bring_a_closed_session_back(bench: Bench, seconds: float) -> None:
    await ask(bench, "one")
    bench.responder.hold.clear()
    turn = asyncio.create_task(ask(bench, "two"))
    await asyncio.sleep(0.001)
    bench.clock.advance(seconds)  # with 0, KV takes no write yet: the end is written later
    await bench.conversation.keeper.close(bench.session_id)
    assert await bench.storage.get_session(bench.session_id) is None
    bench.responder.hold.set()
    answer = await turn
    assert (answer.response, answer.saved, answer.turn) == ("answer 2", False, 2)
    await bench.background.drain()
    assert await bench.storage.is_closed(bench.session_id)


async def test_a_write_under_way_does_not_bring_a_closed_session_back(bench: Bench) -> None:
    put = bench.kv.put
    arrived, go = asyncio.Event(), asyncio.Event()

    async def slow(*args: object, **options: object) -> None:
        bench.kv.put = put  # type: ignore[method-assign]  # only the first
        arrived.set()
        await go.wait()
        bench.clock.advance(2)
        await put(*args, **options)  # type: ignore[arg-type]  # as they came

    bench.kv.put = slow  # type: ignore[method-assign]  # KV takes its time
    turn = asyncio.create_task(ask(bench, "one"))
    await arrived.wait()
    await bench.conversation.keeper.close(bench.session_id)
    go.set()
    assert (await turn).saved is False
    await bench.background.drain()
    assert await bench.storage.is_closed(bench.session_id)


async def test_a_turn_of_another_isolate_does_not_bring_a_closed_session_back(bench: Bench) -> None:
    away = ScriptedResponder()
    away.hold.clear()
    other = isolate(bench, away)
    turn = asyncio.create_task(anext(other.ask(bench.session_id, "one", streamed=False)))
    await asyncio.sleep(0.001)
    await bench.conversation.keeper.close(bench.session_id)
    bench.clock.advance(1)
    away.hold.set()
    await turn
    await bench.background.drain()
    assert await bench.storage.is_closed(bench.session_id)
    assert sum(CLOSE_CHECK_SECONDS) < 30


async def test_an_unsaved_answer_is_forgotten_with_its_session(bench: Bench) -> None:
    bench.faults.refused_puts = 1
    await ask(bench, "one")
    await bench.conversation.keeper.close(bench.session_id)
    await bench.background.drain()
    assert await bench.storage.is_closed(bench.session_id)


async def test_closing_elsewhere_ends_the_wait_for_a_late_write(bench: Bench) -> None:
    bench.faults.refused_puts = 1
    await ask(bench, "one")
    await isolate(bench).keeper.close(bench.session_id)
    await bench.background.drain()
    assert await bench.storage.is_closed(bench.session_id)


async def test_what_cannot_be_closed_is_said_and_tried_again(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    await ask(bench, "one")
    bench.faults.fail("put", RuntimeError("KV PUT failed: 500"))
    bench.faults.fail("delete", RuntimeError("KV DELETE failed: 500"))
    with pytest.raises(StorageError):
        await bench.conversation.keeper.close(bench.session_id)
    await bench.background.drain()
    assert await bench.storage.is_closed(bench.session_id)
    assert "could not be stored" not in caplog.text


async def test_an_end_that_kv_never_takes_is_logged(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    await ask(bench, "one")
    bench.faults.refused_puts = 100
    await bench.conversation.keeper.close(bench.session_id)  # the key is deleted all the same
    await bench.background.drain()
    assert await bench.storage.get_session(bench.session_id) is None
    assert "it was closed but that could not be stored" in caplog.text


async def test_closing_twice_is_one_write(bench: Bench) -> None:
    await bench.conversation.keeper.close(bench.session_id)
    await bench.conversation.keeper.close(bench.session_id)
    assert (bench.kv.writes, bench.kv.deletes) == (1, 0)


async def test_a_session_takes_so_many_tokens_and_no_more(bench: Bench) -> None:
    limited = Conversation(
        storage=bench.storage,
        responder=bench.responder,
        system_prompt="You know things.",
        clock=bench.clock,
        background=bench.background,
        max_tokens=18,
    )
    bench.conversation = limited
    await ask(bench, "one")  # 7 + 2
    bench.clock.advance(2)
    await ask(bench, "two")
    bench.clock.advance(2)
    with pytest.raises(SessionBudgetSpent):
        await ask(bench, "three")
    assert len(bench.responder.prompts) == 2


async def test_tokens_that_nobody_counted_are_estimated(bench: Bench) -> None:
    bench.conversation = isolate(bench, Echo())
    await ask(bench, "four")
    session = await bench.storage.get_session(bench.session_id)
    assert session is not None
    assert session.tokens == len("You know things.four" + "re: four") // 4
