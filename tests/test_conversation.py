"""The exchange: what is read, sent, stored and answered, including when something fails."""

from __future__ import annotations

import logging

import pytest

from errors import ResponderError, SessionBudgetSpent, StorageError
from models import Answer, Usage
from responders.responder import Reply
from session_id import fingerprint, short_fingerprint
from sessions.sessions import SAVE_RETRY_SECONDS
from settings import Settings
from tests.clocks import ManualClock
from tests.conversations import Bench
from tests.responders import ScriptedResponder


@pytest.fixture
def bench() -> Bench:
    return Bench()


async def ask(bench: Bench, text: str, *, streamed: bool) -> Answer:
    """Ask two seconds after the last exchange, as KV takes one write a second."""
    bench.clock.advance(2)
    return (await bench.ask_for_stream(text))[1] if streamed else await bench.ask(text)


both_ways = pytest.mark.parametrize("streamed", [False, True])


@both_ways
async def test_answer_has_the_text_the_turn_and_its_expiry(bench: Bench, *, streamed: bool) -> None:
    answer = await ask(bench, "Hello?", streamed=streamed)
    session = await bench.storage.get_session(bench.session_id)
    assert session is not None
    assert answer == Answer(
        response="answer 1",
        session_id=bench.session_id,
        turn=1,
        expires_at=session.expires_at,
        model="scripted-1",
        usage=Usage(7, 2),
        saved=True,
    )


async def test_stream_has_the_pieces_of_the_answer(bench: Bench) -> None:
    pieces, answer = await bench.ask_for_stream("Hello?")
    assert pieces == ["answer", " 1"]
    assert answer.response == "answer 1"


@both_ways
async def test_second_question_is_sent_with_the_first_exchange(bench: Bench, *, streamed: bool) -> None:
    await ask(bench, "What's your pricing?", streamed=streamed)
    await ask(bench, "What about the middle tier?", streamed=streamed)
    prompt = bench.responder.prompts[1]
    assert prompt.system == "You know things."
    assert [(m.role, m.content) for m in prompt.history] == [
        ("user", "What's your pricing?"),
        ("assistant", "answer 1"),
    ]
    assert prompt.question == "What about the middle tier?"
    assert prompt.safety_identifier == fingerprint(bench.session_id)


@both_ways
async def test_exchange_is_one_get_and_one_put(bench: Bench, *, streamed: bool) -> None:
    for number in range(1, 9):  # trimming from the sixth on
        await ask(bench, "?", streamed=streamed)
        assert (bench.kv.reads, bench.kv.writes, bench.kv.deletes, bench.kv.lists) == (number, number, 0, 0)


async def test_conversation_is_fresh_after_an_hour(bench: Bench) -> None:
    await bench.ask("Hello?")
    bench.clock.advance(3600)
    assert (await bench.ask("Still there?")).turn == 1
    assert bench.responder.prompts[1].history == ()


async def test_after_15_exchanges_10_messages_are_kept_and_sent(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for number in range(1, 16):
        await ask(bench, f"question {number}", streamed=False)
    assert len(await bench.said()) == 10
    assert max(len(prompt.history) for prompt in bench.responder.prompts) == 10
    assert bench.responder.prompts[-1].history[0].content == "question 10"
    name = short_fingerprint(bench.session_id)
    trimmed = [line for line in caplog.messages if "trimmed to last 10 messages" in line]
    assert len(trimmed) == 10
    assert trimmed[-1] == (
        f"Session {name}: 10 previous messages, saved, trimmed to last 10 messages, "
        "answered in 0 ms with 9 tokens"
    )


async def test_logs_one_line_per_exchange_without_ids_or_texts(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await bench.ask("my secret")
    name = short_fingerprint(bench.session_id)
    assert caplog.messages == [f"Session {name}: 0 previous messages, saved, answered in 0 ms with 9 tokens"]


@both_ways
async def test_failed_answer_leaves_the_conversation_unchanged(bench: Bench, *, streamed: bool) -> None:
    await bench.ask("Hello?")
    writes = bench.kv.writes
    bench.responder.errors = [ResponderError()]
    with pytest.raises(ResponderError):
        await ask(bench, "And now?", streamed=streamed)
    assert bench.kv.writes == writes
    assert await bench.said() == ["Hello?", "answer 1"]


async def test_failure_before_the_first_piece_is_raised_before_the_stream_begins(bench: Bench) -> None:
    bench.faults.fail("get", RuntimeError("KV GET failed: 500"))
    with pytest.raises(StorageError):
        await bench.conversation.stream(bench.question("?"))


@both_ways
async def test_unforeseen_error_is_raised_to_the_caller(bench: Bench, *, streamed: bool) -> None:
    bench.responder.errors = [ZeroDivisionError()]
    with pytest.raises(ZeroDivisionError):
        await ask(bench, "?", streamed=streamed)
    await bench.background.drain()
    assert bench.kv.writes == 0


async def test_no_model_is_called_if_the_conversation_cannot_be_read(bench: Bench) -> None:
    bench.faults.fail("get", RuntimeError("KV GET failed: 500"))
    with pytest.raises(StorageError):
        await bench.ask("?")
    assert bench.responder.prompts == []


@both_ways
async def test_answer_that_cannot_be_stored_is_given_and_stored_later(
    bench: Bench, *, streamed: bool
) -> None:
    await ask(bench, "one", streamed=False)
    bench.faults.refused_puts = 2
    answer = await ask(bench, "two", streamed=streamed)
    assert (answer.response, answer.turn, answer.saved, answer.expires_at) == ("answer 2", 2, False, None)
    await bench.background.drain()
    assert bench.clock.sleeps == list(SAVE_RETRY_SECONDS[:2])
    assert await bench.said() == ["one", "answer 1", "two", "answer 2"]


async def test_late_save_keeps_what_was_said_in_the_meantime() -> None:
    clock = ManualClock()
    bench = Bench(clock=clock)
    bench.faults.refused_puts = 1
    await bench.ask("one")
    await clock.sleeping()  # until "one" is saved again
    clock.advance(1)
    answer = await bench.ask("two")
    assert (answer.turn, answer.saved) == (2, True)
    await clock.sleeping()
    clock.advance(1)
    await bench.background.drain()
    assert await bench.said() == ["one", "answer 1", "two", "answer 2"]


async def test_saving_is_given_up_within_the_platforms_30_seconds(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    assert sum(SAVE_RETRY_SECONDS) < 30
    bench.faults.refused_puts = 100
    await bench.ask("one")
    await bench.background.drain()
    assert "an answer was given but could not be stored" in caplog.text
    assert await bench.said() == []


async def test_answer_is_stored_although_the_visitor_left_the_stream(bench: Bench) -> None:
    bench.responder.hold.clear()
    stream = await bench.conversation.stream(bench.question("Hello?"))
    assert await anext(aiter(stream)) == ["answer"]
    bench.responder.hold.set()
    await bench.background.drain()
    assert await bench.said() == ["Hello?", "answer 1"]


async def test_session_may_use_up_to_its_budget_of_tokens() -> None:
    bench = Bench(settings=Settings(max_session_tokens=18))
    for number in range(2):  # 7 + 2 tokens each
        await ask(bench, f"question {number}", streamed=False)
    with pytest.raises(SessionBudgetSpent):
        await ask(bench, "one more", streamed=False)
    assert len(bench.responder.prompts) == 2


async def test_tokens_are_estimated_if_the_model_counts_none() -> None:
    class Uncounted(ScriptedResponder):
        async def answer(self, prompt: object) -> Reply:
            del prompt
            return Reply(text="re: four", model="uncounted", usage=None, finish_reason="stop")

    bench = Bench(responder=Uncounted())
    await bench.ask("four")
    session = await bench.storage.get_session(bench.session_id)
    assert session is not None
    assert session.tokens == len("You know things.four" + "re: four") // 4
