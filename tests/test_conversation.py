"""The exchange: what is read, sent, stored and handed on, also when something fails."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

import pytest

from conversation import Conversation, Turn
from errors import ResponderError, StorageError
from local.background import BackgroundTasks
from responders.responder import Usage
from session_id import fingerprint, generate_session_id, short_fingerprint
from session_storage import KVSessionStorage
from sessions.keeper import SAVE_RETRY_SECONDS
from settings import Settings
from stores.fake_kv import FakeKV
from stores.kv_faults import KVFaults
from tests.clocks import AutoClock, ManualClock
from tests.responders import ScriptedResponder


@dataclass
class Bench:
    """A conversation with everything around it in reach of the test."""

    faults: KVFaults = field(default_factory=KVFaults)
    clock: ManualClock = field(default_factory=AutoClock)
    background: BackgroundTasks = field(default_factory=BackgroundTasks)
    session_id: str = field(default_factory=generate_session_id)

    def __post_init__(self) -> None:
        self.responder = ScriptedResponder()
        self.kv = FakeKV(self.clock, self.faults)
        self.storage = KVSessionStorage(self.kv, Settings(), self.clock)
        self.conversation = Conversation(
            storage=self.storage,
            responder=self.responder,
            system_prompt="You know things.",
            clock=self.clock,
            background=self.background,
        )

    async def ask(self, question: str, *, streamed: bool = False) -> list[str | Turn]:
        """All items of one answer, two seconds after the one before."""
        self.clock.advance(2)
        return await self.ask_now(question, streamed=streamed)

    async def ask_now(self, question: str, *, streamed: bool = False) -> list[str | Turn]:
        return [item async for item in self.conversation.ask(self.session_id, question, streamed=streamed)]

    async def said(self) -> list[str]:
        return [m.content for m in await self.storage.get_conversation_history(self.session_id)]


@pytest.fixture
def bench() -> Bench:
    return Bench()


@pytest.mark.parametrize("streamed", [False, True])
async def test_an_answer_and_its_turn(bench: Bench, *, streamed: bool) -> None:
    *pieces, turn = await bench.ask("Hello?", streamed=streamed)
    assert pieces == (["answer", " 1"] if streamed else [])
    session = await bench.storage.get_session(bench.session_id)
    assert session is not None
    assert turn == Turn(
        response="answer 1",
        session_id=bench.session_id,
        turn=1,
        expires_at=session.expires_at,
        model="scripted-1",
        usage=Usage(7, 2),
        saved=True,
    )


@pytest.mark.parametrize("streamed", [False, True])
async def test_the_second_turn_knows_the_first(bench: Bench, *, streamed: bool) -> None:
    await bench.ask("What's your pricing?", streamed=streamed)
    await bench.ask("What about the middle tier?", streamed=streamed)
    prompt = bench.responder.prompts[1]
    assert prompt.system == "You know things."
    assert [(m.role, m.content) for m in prompt.history] == [
        ("user", "What's your pricing?"),
        ("assistant", "answer 1"),
    ]
    assert prompt.question == "What about the middle tier?"
    assert prompt.safety_identifier == fingerprint(bench.session_id)


@pytest.mark.parametrize("streamed", [False, True])
async def test_an_exchange_is_one_get_and_one_put(bench: Bench, *, streamed: bool) -> None:
    for number in range(1, 9):  # from the sixth on with a trim
        await bench.ask("?", streamed=streamed)
        assert (bench.kv.reads, bench.kv.writes, bench.kv.deletes, bench.kv.lists) == (number, number, 0, 0)


async def test_an_hour_later_the_conversation_is_fresh(bench: Bench) -> None:
    await bench.ask("Hello?")
    bench.clock.advance(3600)
    *_, turn = await bench.ask("Still there?")
    assert isinstance(turn, Turn)
    assert turn.turn == 1
    assert bench.responder.prompts[1].history == ()


async def test_after_15_exchanges_10_messages_are_kept_and_sent(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for number in range(1, 16):
        await bench.ask(f"question {number}")
    assert len(await bench.said()) == 10
    assert max(len(prompt.history) for prompt in bench.responder.prompts) == 10
    assert bench.responder.prompts[-1].history[0].content == "question 10"
    assert f"Trimmed session {short_fingerprint(bench.session_id)} to last 10 messages" in caplog.messages


async def test_logs_as_the_seed_does_without_ids_or_texts(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await bench.ask("my secret")
    name = short_fingerprint(bench.session_id)
    assert caplog.messages == [
        f"Session {name}: 0 previous messages",
        f"Saved conversation to session {name}",
    ]


@pytest.mark.parametrize("streamed", [False, True])
async def test_a_failed_answer_leaves_the_conversation_as_it_was(bench: Bench, *, streamed: bool) -> None:
    await bench.ask("Hello?")
    writes = bench.kv.writes
    bench.responder.errors = [ResponderError()]
    with pytest.raises(ResponderError):
        await bench.ask("And now?", streamed=streamed)
    assert bench.kv.writes == writes
    assert await bench.said() == ["Hello?", "answer 1"]


async def test_an_unforeseen_error_is_raised_where_the_answer_is_read(bench: Bench) -> None:
    bench.responder.errors = [ZeroDivisionError()]
    with pytest.raises(ZeroDivisionError):
        await bench.ask("?")
    await bench.background.drain()
    assert bench.kv.writes == 0


async def test_nothing_is_asked_when_the_conversation_cannot_be_read(bench: Bench) -> None:
    bench.faults.fail("get", RuntimeError("KV GET failed: 500"))
    with pytest.raises(StorageError):
        await bench.ask("?")
    assert bench.responder.prompts == []


@pytest.mark.parametrize("streamed", [False, True])
async def test_an_answer_arrives_unsaved_and_is_saved_later(bench: Bench, *, streamed: bool) -> None:
    await bench.ask("one")
    bench.faults.refused_puts = 2
    *_, turn = await bench.ask("two", streamed=streamed)
    assert isinstance(turn, Turn)
    assert (turn.response, turn.turn, turn.saved, turn.expires_at) == ("answer 2", 2, False, None)
    await bench.background.drain()
    assert isinstance(bench.clock, AutoClock)
    assert bench.clock.sleeps == list(SAVE_RETRY_SECONDS[:2])
    assert await bench.said() == ["one", "answer 1", "two", "answer 2"]


async def test_a_late_save_does_not_undo_what_was_said_meanwhile() -> None:
    clock = ManualClock()
    bench = Bench(clock=clock)
    bench.faults.refused_puts = 1
    await bench.ask("one")
    await clock.sleeping()  # until it is time to save "one" again
    clock.advance(1)
    *_, turn = await bench.ask_now("two")
    assert isinstance(turn, Turn)
    assert (turn.turn, turn.saved) == (2, True)
    await clock.sleeping()  # still
    clock.advance(1)
    await bench.background.drain()
    assert await bench.said() == ["one", "answer 1", "two", "answer 2"]


async def test_gives_up_saving_after_the_platforms_time(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    assert sum(SAVE_RETRY_SECONDS) < 30
    bench.faults.refused_puts = 100
    await bench.ask("one")
    await bench.background.drain()
    assert "an answer was given but could not be stored" in caplog.text
    assert await bench.said() == []


async def test_a_visitor_who_goes_away_is_remembered(bench: Bench) -> None:
    bench.responder.hold.clear()
    items = bench.conversation.ask(bench.session_id, "Hello?", streamed=True)
    assert await anext(items) == "answer"
    await items.aclose()  # the visitor is gone in the middle of the answer
    bench.responder.hold.set()
    await bench.background.drain()
    assert await bench.said() == ["Hello?", "answer 1"]


async def test_a_responder_without_a_reply_is_a_bug_that_is_noticed(bench: Bench) -> None:
    class Silent(ScriptedResponder):
        async def respond(self, prompt, *, streamed):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, ARG002
            yield "half an ans"

    bench.conversation._responder = Silent()  # noqa: SLF001 - no responder does this
    with pytest.raises(RuntimeError, match="without a reply"):
        await bench.ask("?")
