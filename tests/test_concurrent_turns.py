"""Forty turns of one session at once, with reads in between, over HTTP."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from settings import Settings
from tests.api import Api
from tests.clocks import ManualClock
from tests.isolates import Isolate

if TYPE_CHECKING:
    from collections.abc import Sequence

TURNS = 40
MAX_MESSAGES = 10


def assert_whole_exchanges(roles: Sequence[str]) -> None:
    assert len(roles) <= MAX_MESSAGES
    assert list(roles) == ["user", "assistant"] * (len(roles) // 2)


async def assert_reads_are_bounded(api: Api) -> None:
    """The conversation as JSON and as an export."""
    read = (await api.session()).json()
    assert_whole_exchanges([message["role"] for message in read["messages"]])
    export = (await api.session(path="/session/export?format=txt")).text
    assert export.count("\nquestion ") == export.count("\nanswer ") <= MAX_MESSAGES // 2


@pytest.mark.parametrize("refused_puts", [0, 3, 1000])
async def test_reads_and_prompts_hold_at_most_max_messages(refused_puts: int) -> None:
    api = Api(settings=Settings(max_messages=MAX_MESSAGES))
    await api.chat("question first")
    api.faults.refused_puts = refused_puts
    bodies: list[dict[str, object]] = [
        {"question": f"question {number}", "turnId": str(uuid4())} for number in range(TURNS)
    ]
    api.responder.released.clear()
    asked = [asyncio.create_task(api.post_chat(body)) for body in bodies]
    await api.responder.asked(TURNS + 1)
    api.responder.released.set()
    for task in asyncio.as_completed(asked):
        await task
        await assert_reads_are_bounded(api)
    for body in bodies[::8]:
        await api.post_chat({"question": "question later"})
        await assert_reads_are_bounded(api)
        await api.post_chat(body)
    for prompt in api.responder.prompts:
        assert_whole_exchanges([message.role for message in prompt.history])
    await api.background.drain()
    await assert_reads_are_bounded(api)
    turns = [task.result().json()["turn"] for task in asked]
    assert sorted(turns) == list(range(2, TURNS + 2))


async def test_unsaved_turn_beyond_max_messages_is_not_asked_again() -> None:
    isolate = Isolate(clock=ManualClock(), settings=Settings(max_messages=2))
    isolate.faults.refused_puts = 3
    turn_ids = [str(uuid4()) for _ in range(3)]
    answers = [await isolate.ask("one", turn_id=turn_id) for turn_id in turn_ids]
    again = [await isolate.ask("one", turn_id=turn_id) for turn_id in turn_ids]
    assert [(answer.response, answer.turn, answer.saved) for answer in again] == [
        (answer.response, answer.turn, False) for answer in answers
    ]
    assert len(isolate.responder.prompts) == 3
    saving = asyncio.create_task(isolate.background.drain())
    while not saving.done():
        isolate.clock.advance(10)
        await asyncio.sleep(0)
    assert await isolate.stored() == ["one", "answer 3"]
