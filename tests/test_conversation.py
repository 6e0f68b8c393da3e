"""The exchange: what the responder is asked, what is stored, and what happens when something fails."""

from __future__ import annotations

import asyncio
import gc
import logging
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from errors import ResponderError, SessionBudgetSpent, StorageError
from models import Answer, ConversationMessage, Usage
from responders.responder import Reply
from session_id import fingerprint, generate_turn_id, short_fingerprint
from sessions.retrying import SAVE_RETRY_SECONDS
from settings import Settings
from tests.clocks import START, ManualClock
from tests.isolates import Isolate
from tests.responders import ScriptedResponder

if TYPE_CHECKING:
    from prompt import Prompt


async def ask(isolate: Isolate, text: str, *, streamed: bool) -> Answer:
    """Ask two seconds after the last exchange, as KV takes one write a second."""
    isolate.clock.advance(2)
    return (await isolate.ask_for_stream(text))[1] if streamed else await isolate.ask(text)


async def cancelled_reader(isolate: Isolate) -> None:
    """Ask, and stop waiting for the answer while the responder holds it back."""
    isolate.responder.released.clear()
    reader = isolate.ask_in_background("Hello?")
    await isolate.responder.asked()
    reader.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reader


both_ways = pytest.mark.parametrize("streamed", [False, True])


@both_ways
async def test_answer_fields(isolate: Isolate, *, streamed: bool) -> None:
    answer = await ask(isolate, "Hello?", streamed=streamed)
    session = await isolate.storage.get_session(isolate.session_id)
    assert session is not None
    assert answer == Answer(
        response="answer 1",
        session_id=isolate.session_id,
        turn=1,
        expires_at=session.expires_at,
        model="scripted-1",
        usage=Usage(7, 2),
        saved=True,
    )


async def test_stream_yields_the_pieces_of_the_answer(isolate: Isolate) -> None:
    pieces, answer = await isolate.ask_for_stream("Hello?")
    assert pieces == ["answer", " 1"]
    assert answer.response == "answer 1"


@both_ways
async def test_second_turn_is_sent_with_the_first_exchange(isolate: Isolate, *, streamed: bool) -> None:
    await ask(isolate, "What's your pricing?", streamed=streamed)
    await ask(isolate, "What about the middle tier?", streamed=streamed)
    prompt = isolate.responder.prompts[1]
    assert prompt.system == "You know things."
    assert [(m.role, m.content) for m in prompt.history] == [
        ("user", "What's your pricing?"),
        ("assistant", "answer 1"),
    ]
    assert prompt.question == "What about the middle tier?"
    assert prompt.safety_identifier == fingerprint(isolate.session_id)


@both_ways
async def test_exchange_takes_two_gets_and_one_put(isolate: Isolate, *, streamed: bool) -> None:
    for number in range(1, 9):  # trimming from the sixth on
        await ask(isolate, "?", streamed=streamed)
        assert (isolate.kv.reads, isolate.kv.writes, isolate.kv.deletes, isolate.kv.lists) == (
            2 * number,
            number,
            0,
            0,
        )


async def test_conversation_starts_anew_after_the_ttl(isolate: Isolate) -> None:
    await isolate.ask("Hello?")
    isolate.clock.advance(3600)
    assert (await isolate.ask("Still there?")).turn == 1
    assert isolate.responder.prompts[1].history == ()


async def test_only_the_last_ten_messages_are_stored_and_sent(
    isolate: Isolate, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    for number in range(1, 16):
        await ask(isolate, f"question {number}", streamed=False)
    assert len(await isolate.stored()) == 10
    assert max(len(prompt.history) for prompt in isolate.responder.prompts) == 10
    assert isolate.responder.prompts[-1].history[0].content == "question 10"
    name = short_fingerprint(isolate.session_id)
    trimmed = [line for line in caplog.messages if "trimmed to last 10 messages" in line]
    assert len(trimmed) == 10
    assert trimmed[-1] == (
        f"Session {name}: 10 previous messages, saved, trimmed to last 10 messages, "
        "answered in 0 ms with 9 tokens"
    )


async def test_one_line_is_logged_per_exchange_without_ids_or_texts(
    isolate: Isolate, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await isolate.ask("my secret")
    name = short_fingerprint(isolate.session_id)
    assert caplog.messages == [f"Session {name}: 0 previous messages, saved, answered in 0 ms with 9 tokens"]


@both_ways
async def test_failed_answer_leaves_the_stored_conversation_unchanged(
    isolate: Isolate, *, streamed: bool
) -> None:
    await isolate.ask("Hello?")
    writes = isolate.kv.writes
    isolate.responder.errors = [ResponderError()]
    with pytest.raises(ResponderError):
        await ask(isolate, "And now?", streamed=streamed)
    assert isolate.kv.writes == writes
    assert await isolate.stored() == ["Hello?", "answer 1"]


@both_ways
async def test_unreadable_conversation_raises_before_the_responder_is_called(
    isolate: Isolate, *, streamed: bool
) -> None:
    isolate.faults.fail("get", RuntimeError("KV GET failed: 500"))
    question = isolate.question("?")
    with pytest.raises(StorageError):
        await (isolate.conversation.stream(question) if streamed else isolate.conversation.answer(question))
    assert isolate.responder.prompts == []


@both_ways
async def test_unexpected_error_is_raised_to_the_caller(isolate: Isolate, *, streamed: bool) -> None:
    isolate.responder.errors = [ZeroDivisionError()]
    with pytest.raises(ZeroDivisionError):
        await ask(isolate, "?", streamed=streamed)
    await isolate.background.drain()
    assert isolate.kv.writes == 0


@both_ways
async def test_answer_that_cannot_be_stored_is_returned_and_stored_later(
    isolate: Isolate, *, streamed: bool
) -> None:
    await ask(isolate, "one", streamed=False)
    isolate.faults.refused_puts = 2
    answer = await ask(isolate, "two", streamed=streamed)
    assert (answer.response, answer.turn, answer.saved, answer.expires_at) == ("answer 2", 2, False, None)
    await isolate.background.drain()
    assert isolate.clock.sleeps == list(SAVE_RETRY_SECONDS[:2])
    assert await isolate.stored() == ["one", "answer 1", "two", "answer 2"]


async def test_retried_save_keeps_exchanges_stored_in_the_meantime() -> None:
    clock = ManualClock()
    isolate = Isolate(clock=clock)
    isolate.faults.refused_puts = 1
    await isolate.ask("one")
    await clock.sleeping()  # until the save of "one" is retried
    clock.advance(1)
    answer = await isolate.ask("two")
    assert (answer.turn, answer.saved) == (2, True)
    await clock.sleeping()
    clock.advance(1)
    await isolate.background.drain()
    assert await isolate.stored() == ["one", "answer 1", "two", "answer 2"]


async def test_save_is_abandoned_within_the_platforms_30_seconds(
    isolate: Isolate, caplog: pytest.LogCaptureFixture
) -> None:
    assert sum(SAVE_RETRY_SECONDS) < 30
    isolate.faults.refused_puts = 100
    await isolate.ask("one")
    await isolate.background.drain()
    assert "an answer was given but could not be stored" in caplog.text
    assert await isolate.stored() == []


async def test_answer_is_stored_if_the_visitor_leaves_the_stream(isolate: Isolate) -> None:
    isolate.responder.released.clear()
    stream = await isolate.conversation.stream(isolate.question("Hello?"))
    assert await anext(aiter(stream)) == ["answer"]
    isolate.responder.released.set()
    await isolate.background.drain()
    assert await isolate.stored() == ["Hello?", "answer 1"]


async def test_answer_is_stored_if_its_reader_is_cancelled(isolate: Isolate) -> None:
    await cancelled_reader(isolate)
    isolate.responder.released.set()
    await isolate.background.drain()
    assert await isolate.stored() == ["Hello?", "answer 1"]


async def test_failure_after_its_reader_was_cancelled_is_logged_once(
    isolate: Isolate, caplog: pytest.LogCaptureFixture
) -> None:
    isolate.responder.errors = [ResponderError()]
    await cancelled_reader(isolate)
    isolate.responder.released.set()
    await isolate.background.drain()
    gc.collect()  # asyncio reports an exception that nobody has retrieved when its future is collected
    assert caplog.messages == [
        f"Session {short_fingerprint(isolate.session_id)}: no answer (responder_failed)"
    ]


async def test_failure_of_a_stream_that_nobody_reads_is_logged_once(
    isolate: Isolate, caplog: pytest.LogCaptureFixture
) -> None:
    isolate.responder.errors = [ResponderError()]
    await isolate.conversation.stream(isolate.question("Hello?"))
    await isolate.background.drain()
    gc.collect()
    assert caplog.messages == [
        f"Session {short_fingerprint(isolate.session_id)}: no answer (responder_failed)"
    ]


async def test_unexpected_error_is_logged_with_its_traceback(
    isolate: Isolate, caplog: pytest.LogCaptureFixture
) -> None:
    isolate.responder.errors = [ZeroDivisionError()]
    with pytest.raises(ZeroDivisionError):
        await isolate.ask("Hello?")
    (record,) = caplog.records
    assert (record.levelname, record.exc_info and record.exc_info[0]) == ("ERROR", ZeroDivisionError)


async def test_session_is_rejected_once_its_token_budget_is_spent() -> None:
    isolate = Isolate(settings=Settings(max_session_tokens=18))
    for number in range(2):  # 7 + 2 tokens each
        await ask(isolate, f"question {number}", streamed=False)
    with pytest.raises(SessionBudgetSpent):
        await ask(isolate, "one more", streamed=False)
    assert len(isolate.responder.prompts) == 2


async def test_tokens_are_estimated_if_the_model_reports_none() -> None:
    class Uncounted(ScriptedResponder):
        async def answer(self, prompt: object) -> Reply:
            del prompt
            return Reply(text="re: four", model="uncounted", usage=None, finish_reason="stop")

    isolate = Isolate(responder=Uncounted())
    await isolate.ask("four")
    session = await isolate.storage.get_session(isolate.session_id)
    assert session is not None
    assert session.tokens == len("You know things.four" + "re: four") // 4


class CutOff(ScriptedResponder):
    """Gives only the beginning of an answer."""

    async def _reply(self, prompt: Prompt) -> Reply:
        return replace(await super()._reply(prompt), finish_reason="length")


@both_ways
async def test_answer_that_was_cut_off_says_so_and_is_stored_with_it(*, streamed: bool) -> None:
    isolate = Isolate(responder=CutOff())
    assert (await ask(isolate, "one", streamed=streamed)).finish_reason == "length"
    session = await isolate.storage.get_session(isolate.session_id)
    assert session is not None
    assert [message.cut_off for message in session.messages] == [None, "length"]


async def test_answer_that_was_cut_off_says_so_when_its_turn_is_repeated() -> None:
    isolate = Isolate(responder=CutOff())
    turn_id = generate_turn_id()
    await isolate.ask("one", turn_id=turn_id)
    isolate.restart()
    repeated = await isolate.ask("one", turn_id=turn_id)
    assert (repeated.repeated, repeated.finish_reason) == (True, "length")


async def test_exchange_log_says_why_an_answer_was_cut_off(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "voice_agent")
    await Isolate(responder=CutOff()).ask("one")
    assert caplog.messages[0].endswith("tokens, cut off (length)")


def test_answer_stored_before_reasons_were_is_complete() -> None:
    record = '{"turn_id": "t"}'
    stored = (
        f'{{"role": "assistant", "content": "a", "timestamp": "{START.isoformat()}", "record": {record}}}'
    )
    assert ConversationMessage.model_validate_json(stored).cut_off is None
