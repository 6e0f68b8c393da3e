"""The pieces of a streamed answer reach the visitor in batches, at the Worker as on CPython."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local.pyodide.worker import PyodideWorker
from tests.pyodide_ring.fresh import fresh_kv
from tests.pyodide_ring.visitor import Visitor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.standin import StandIn

pytestmark = pytest.mark.pyodide
PRICING = "What's your pricing?"
WORDS = 60
ANSWER = " ".join(f"word{number}" for number in range(WORDS))
# Long enough for all of an answer, so that only its end releases what waits.
SLOWLY = {"OPENAI_API_KEY": "sk-ring-2", "STREAM_BATCH_MS": "1000"}


@pytest.fixture(scope="module")
def slow_worker(running_openai: StandIn) -> Iterator[PyodideWorker]:
    with PyodideWorker.start(env={**SLOWLY, "OPENAI_BASE_URL": running_openai.base_url}) as worker:
        yield worker


@pytest.fixture
def slow(slow_worker: PyodideWorker) -> Iterator[Visitor]:
    with fresh_kv(slow_worker) as worker, Visitor(worker) as visitor:
        yield visitor


def texts(visitor: Visitor) -> list[str]:
    return [data["text"] for name, data in visitor.ask_for_stream(PRICING) if name == "delta"]


def test_pieces_within_the_interval_arrive_as_one(visitor: Visitor, openai: StandIn) -> None:
    openai.behave(reply=ANSWER, piece_delay=0.003)
    deltas = texts(visitor)
    assert "".join(deltas) == ANSWER
    assert 2 <= len(deltas) <= WORDS // 3


def test_first_piece_does_not_wait(slow: Visitor, openai: StandIn) -> None:
    openai.behave(reply=ANSWER, stall_after=1)
    with slow.streaming(PRICING) as events:
        name, data = next(events)
        assert (name, ANSWER.startswith(data["text"])) == ("delta", True)
        assert openai.requests[0].outcome == "running"


def test_end_of_an_answer_does_not_wait(slow: Visitor, openai: StandIn) -> None:
    short = " ".join(ANSWER.split()[:8])  # sent within the interval on a slow machine too
    openai.behave(reply=short, piece_delay=0.003)
    first, *rest = texts(slow)
    assert first + "".join(rest) == short
    assert len(rest) == 1


def test_answer_is_stored_if_the_visitor_leaves_while_pieces_wait(slow: Visitor, openai: StandIn) -> None:
    openai.behave(reply=ANSWER, piece_delay=0.01)
    with slow.streaming(PRICING) as events:
        assert next(events)[0] == "delta"
    slow.worker.control.await_abandoned(slow.request)
    slow.worker.control.await_count("put", 1)
    assert [message["content"] for message in slow.stored()["messages"]] == [PRICING, ANSWER]
