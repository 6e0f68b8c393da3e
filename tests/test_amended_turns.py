"""Turns that a later question replaces or interrupts: in progress, elsewhere, retried, and over HTTP."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amendments import REPLACED, Amendments, amended, joined
from errors import TurnReplaced
from models import Exchange
from prompt import INTERRUPTED_HERE
from tests.api import STREAM, Api, refusal, sse
from tests.clocks import START
from tests.isolates import D1Isolate, Isolate
from tests.test_d1_isolates import TwoIsolates as TwoOnD1
from tests.test_isolates import TwoIsolates as TwoOnKV
from voice_session import VoiceSession

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.responders import ScriptedResponder

ISOLATES = pytest.mark.parametrize("build", [Isolate, D1Isolate])
TURNS = st.sampled_from("abcd")
AMENDMENTS = st.dictionaries(TURNS, st.integers(REPLACED, 12), max_size=3)


def texts(responder: ScriptedResponder) -> list[str]:
    """The messages before the last question that the model was asked."""
    return [message.content for message in responder.prompts[-1].history]


@ISOLATES
async def test_replaced_turn_is_gone_from_the_prompt_and_the_store(build: type[Isolate]) -> None:
    isolate = build()
    await isolate.ask("hello", turn_id="0")
    isolate.clock.advance(2)
    await isolate.ask("how much is", turn_id="1", seen=1, last_turn_id="0")
    isolate.clock.advance(2)
    answer = await isolate.ask(
        "how much is the middle one", turn_id="2", seen=2, last_turn_id="1", amends={"1": REPLACED}
    )
    assert texts(isolate.responder) == ["hello", "answer 1"]
    assert (answer.turn, answer.context, answer.saved) == (2, "complete", True)
    assert await isolate.stored() == ["hello", "answer 1", "how much is the middle one", "answer 3"]


@ISOLATES
async def test_stream_that_is_replaced_stops_and_is_not_saved(build: type[Isolate]) -> None:
    isolate = build()
    isolate.responder.released.clear()
    stream = await isolate.conversation.stream(isolate.question("how much is", turn_id="1"))
    later = isolate.ask_in_background("how much is it", turn_id="2", amends={"1": REPLACED})
    await isolate.responder.asked(2)
    isolate.responder.released.set()
    with pytest.raises(TurnReplaced):
        assert [piece async for pieces in stream for piece in pieces] == ["answer"]
    assert (await later).turn == 1
    assert await isolate.stored() == ["how much is it", "answer 2"]


@ISOLATES
@pytest.mark.parametrize("chain", [["1", "2"], ["2"]])
async def test_question_that_goes_on_twice(build: type[Isolate], chain: list[str]) -> None:
    """The second time before there was an answer to the first, which may name only the last one."""
    isolate = build()
    await isolate.ask("how much", turn_id="1")
    isolate.clock.advance(2)
    isolate.responder.released.clear()
    second = isolate.ask_in_background(
        "how much is", turn_id="2", seen=1, last_turn_id="1", amends={"1": REPLACED}
    )
    await isolate.responder.asked(2)
    third = isolate.ask_in_background(
        "how much is it", turn_id="3", seen=1, last_turn_id="1", amends=dict.fromkeys(chain, REPLACED)
    )
    await isolate.responder.asked(3)
    assert texts(isolate.responder) == []
    isolate.responder.released.set()
    with pytest.raises(TurnReplaced):
        await second
    assert ((await third).turn, (await third).context) == (1, "complete")
    assert await isolate.stored() == ["how much is it", "answer 3"]


@ISOLATES
async def test_question_that_was_replaced_is_not_answered_again(build: type[Isolate]) -> None:
    isolate = build()
    await isolate.ask("one", turn_id="1")
    first = await isolate.ask("one and two", turn_id="2", amends={"1": REPLACED})
    again = await isolate.ask("one and two", turn_id="2", amends={"1": REPLACED})
    assert (again.repeated, again.response, again.turn) == (True, first.response, 1)
    with pytest.raises(TurnReplaced):
        await isolate.ask("one", turn_id="1")
    assert len(isolate.responder.prompts) == 2


@ISOLATES
async def test_failed_turn_leaves_the_one_that_it_replaces(build: type[Isolate]) -> None:
    isolate = build()
    await isolate.ask("one", turn_id="1")
    isolate.responder.errors.append(TurnReplaced())
    with pytest.raises(TurnReplaced):
        await isolate.ask("one and two", turn_id="2", amends={"1": REPLACED})
    assert await isolate.stored() == ["one", "answer 1"]


@pytest.mark.parametrize("both", [TwoOnKV(cache_seconds=0), TwoOnD1()])
async def test_replaced_turn_ends_in_another_isolate_later(both: Any) -> None:
    await both.here.ask("zero")
    both.there.responder.released.clear()
    replaced = both.there.ask_in_background("how much", turn_id="1", seen=1)
    await both.there.responder.asked()
    await both.here.ask("how much is it", turn_id="2", seen=1, amends={"1": REPLACED})
    await both.pass_time(1.5)
    both.there.responder.released.set()
    await asyncio.wait({replaced})
    await both.pass_time(30)
    for isolate in (both.here, both.there):
        session = await isolate.sessions.find(isolate.session_id)
        assert session is not None
        assert [message.content for message in session.messages[::2]] == ["zero", "how much is it"]
        assert session.turn == 2
    assert len(both.here.sessions) == 0


@pytest.mark.parametrize("both", [TwoOnKV(cache_seconds=0), TwoOnD1()])
async def test_interrupted_answer_ends_in_another_isolate_later(both: Any) -> None:
    both.there.responder.released.clear()
    interrupted = both.there.ask_in_background("tell me", turn_id="1")
    await both.there.responder.asked()
    await both.here.ask("stop", turn_id="2", amends={"1": 4})
    await both.pass_time(1.5)
    both.there.responder.released.set()
    await asyncio.wait({interrupted})
    await both.pass_time(30)
    stored = await both.here.stored()
    assert sorted(stored) == sorted(["stop", "answer 1", "tell me", "answ"])


@ISOLATES
async def test_model_is_told_that_it_was_interrupted(build: type[Isolate]) -> None:
    isolate = build()
    await isolate.ask("tell me", turn_id="1")
    await isolate.ask("stop", turn_id="2", amends={"1": 4})
    assert texts(isolate.responder) == ["tell me", f"answ{INTERRUPTED_HERE}"]
    await isolate.ask("go on", turn_id="3")
    assert texts(isolate.responder)[:2] == ["tell me", f"answ{INTERRUPTED_HERE}"]
    assert (await isolate.stored())[1] == "answ"


async def test_kv_is_read_and_written_once() -> None:
    isolate = Isolate()
    await isolate.ask("one", turn_id="1")
    reads, writes = isolate.kv.reads, isolate.kv.writes
    isolate.clock.advance(2)
    await isolate.ask("one and two", turn_id="2", amends={"1": REPLACED})
    isolate.clock.advance(2)
    await isolate.ask("stop", turn_id="3", amends={"2": 3})
    await isolate.background.drain()
    assert (isolate.kv.reads - reads, isolate.kv.writes - writes) == (4, 2)


async def test_over_http() -> None:
    api, one, two = Api(), str(uuid4()), str(uuid4())
    await api.post_chat({"question": "Tell me", "turnId": one})
    fields = {"turns": 1, "lastTurnId": one, "interrupted": {"turnId": one, "heardChars": 4}}
    response = await api.post_chat({"question": "Stop, please", "turnId": two, **fields})
    assert response.json()["context"] == "complete"
    messages = (await api.session()).json()["messages"]
    assert [(each["content"], each.get("finishReason")) for each in messages[:2]] == [
        ("Tell me", None),
        ("answ", "interrupted"),
    ]
    assert "(cut off)" in (await api.session(path="/session/export")).text
    joined_up = {"question": "Stop, please, and go on", "replaces": two, "turns": 2, "lastTurnId": two}
    response = await api.post_chat(joined_up, **STREAM)
    assert json.loads(sse(response.text)[-1][1])["turn"] == 2
    response = await api.post_chat({"question": "Stop, please", "turnId": two})
    assert refusal(response) == (409, "turn_replaced")


@pytest.mark.parametrize(
    "fields",
    [
        {"replaces": str(uuid4())},
        {"replaces": [str(uuid4()), str(uuid4())]},
        {"replaces": [], "interrupted": None},
        {"replaces": None},
        {"interrupted": {"turnId": str(uuid4()), "heardChars": 5}},
        {"interrupted": {"turnId": "$one", "heardChars": 200_000}},
    ],
)
async def test_unknown_turns_and_too_many_characters_change_nothing(fields: dict[str, Any]) -> None:
    api, one = Api(), str(uuid4())
    await api.post_chat({"question": "One", "turnId": one})
    filled = json.loads(json.dumps(fields).replace("$one", one))
    response = await api.post_chat({"question": "Two", **filled})
    assert (response.status_code, response.json()["turn"]) == (200, 2)
    assert await api.stored() == ["One", "answer 1", "Two", "answer 2"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"replaces": "1"}, "invalid_turn_id"),
        ({"replaces": 1}, "invalid_request"),
        ({"replaces": ["1"]}, "invalid_turn_id"),
        ({"replaces": [str(uuid4()) for _ in range(11)]}, "invalid_request"),
        ({"replaces": "$self"}, "invalid_request"),
        ({"interrupted": {"turnId": "$self", "heardChars": 1}}, "invalid_request"),
        ({"interrupted": {"turnId": "$one"}}, "invalid_request"),
        ({"interrupted": {"turnId": "$one", "heardChars": -1}}, "invalid_request"),
        ({"interrupted": {"turnId": "$one", "heardChars": "3"}}, "invalid_request"),
        ({"interrupted": {"turnId": "$one", "heardChars": 200_001}}, "invalid_request"),
        ({"interrupted": {"heardChars": 3}}, "invalid_request"),
        ({"interrupted": "$one"}, "invalid_request"),
    ],
)
async def test_invalid_fields_lose_nothing(fields: dict[str, Any], code: str) -> None:
    api, one, own = Api(), str(uuid4()), str(uuid4())
    await api.post_chat({"question": "One", "turnId": one})
    filled = json.loads(json.dumps(fields).replace("$one", one).replace("$self", own))
    response = await api.post_chat({"question": "Two", "turnId": own, **filled})
    assert refusal(response) == (400, code)
    assert await api.stored() == ["One", "answer 1"]


async def test_nobody_else_changes_a_known_visitors_turns() -> None:
    """Whoever has the session id alone is refused before anything is changed."""
    isolate = D1Isolate()
    session = await isolate.storage.open_session(isolate.session_id)
    exchange = Exchange(turn_id="1", question="mine", answer="yours", timestamp=isolate.clock.now())
    await isolate.storage.append(session, [exchange], "a1" * 32)
    with pytest.raises(Exception, match="signed in"):
        await isolate.ask("gone", amends={"1": REPLACED})
    assert await isolate.stored() == ["mine", "yours"]


async def test_title_is_that_of_the_question_that_replaces_the_first() -> None:
    isolate, owner = D1Isolate(), "a1" * 32
    session = await isolate.storage.open_session(isolate.session_id)
    at, long = (
        isolate.clock.now(),
        "What would it cost me if I wanted to switch from the smallest plan to the",
    )
    first = Exchange(turn_id="1", question=f"{long} largest one", answer="?", timestamp=at)
    await isolate.storage.append(session, [first], owner)
    whole = Exchange(turn_id="2", question="And in a year?", answer="!", timestamp=at, amends={"1": REPLACED})
    await isolate.storage.append(await isolate.storage.open_session(isolate.session_id), [whole], owner)
    rows = (await isolate.d1.prepare("SELECT title, turn FROM conversations").all())["results"]
    assert rows == [{"title": "And in a year?", "turn": 1}]


def session_of(turns: Sequence[str]) -> VoiceSession:
    session = VoiceSession(created_at=START, expires_at=START + timedelta(hours=1))
    for turn in turns:
        session = session.with_exchange(
            Exchange(turn_id=turn, question=turn, answer="0123456789", timestamp=START)
        )
    return session


@given(st.lists(TURNS, unique=True), AMENDMENTS, AMENDMENTS)
def test_amendments_apply_in_any_order_and_once(turns: list[str], one: Amendments, other: Amendments) -> None:
    session = session_of(turns)
    both = amended(amended(session, one), other)
    assert both.messages == amended(amended(session, other), one).messages
    assert amended(both, one) == both.model_copy(update={"amended": joined(joined(one, other), one)})
    least = {turn: min(each.get(turn, 99) for each in (one, other)) for turn in turns}
    expected = ["0123456789"[: least[turn]] for turn in turns if least[turn] != REPLACED]
    assert [message.content for message in both.messages[1::2]] == expected
    assert both.turn == len(expected)
