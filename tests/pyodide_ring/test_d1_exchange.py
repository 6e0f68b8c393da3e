"""Two Workers on one D1: conversations that both take part in, and what the database holds of them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx2
import pytest

from local.pyodide.database import Database, running_database
from local.pyodide.worker import PyodideWorker
from session_id import fingerprint
from tests.pyodide_ring.visitor import API, SECONDS

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.pyodide
TURNS = 50
HEADER = "X-Session-Token"


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    with running_database() as started:
        yield started


@pytest.fixture(scope="module")
def two_workers(database: Database) -> Iterator[list[PyodideWorker]]:
    """Two isolates, without KV, whose answers come from the offline demo."""

    def start() -> PyodideWorker:
        return PyodideWorker.start(env={"RATE_LIMIT": "off"}, database=database.url, kv=False)

    with start() as one, start() as other:
        yield [one, other]


@pytest.fixture
def workers(two_workers: list[PyodideWorker], database: Database) -> Iterator[list[PyodideWorker]]:
    database.empty()
    for worker in two_workers:
        worker.control.reset_d1()
    yield two_workers
    for worker in two_workers:
        assert worker.control.errors() == []


async def ask(worker: PyodideWorker, session_id: str, text: str, **fields: Any) -> httpx2.Response:
    body = {"question": text, "sessionId": session_id, **fields}
    async with httpx2.AsyncClient(timeout=SECONDS, trust_env=False) as client:
        return await client.post(f"{worker.base_url}{API}/chat", json=body)


async def close(worker: PyodideWorker, session_id: str) -> None:
    async with httpx2.AsyncClient(timeout=SECONDS, trust_env=False) as client:
        response = await client.delete(f"{worker.base_url}{API}/session", headers={HEADER: session_id})
    assert response.status_code == 204


async def test_exchange_is_one_query_and_one_batch(workers: list[PyodideWorker]) -> None:
    worker, session_id = workers[0], str(uuid4())
    for number in range(1, 4):
        answer = (await ask(worker, session_id, "What does it cost?", turns=number - 1)).json()
        assert (answer["turn"], answer["saved"], answer["context"]) == (number, True, "complete")
        counts = worker.control.d1_counts()
        assert (counts["all"], counts["batch"]) == (number, number)


async def test_turns_at_once_are_neither_lost_nor_stored_twice(
    workers: list[PyodideWorker], database: Database
) -> None:
    session_id = str(uuid4())
    turn_ids = [str(uuid4()) for _ in range(TURNS)]
    answers = await asyncio.gather(
        *(
            ask(workers[number % 2], session_id, f"Question {number}", turnId=turn_id)
            for number, turn_id in enumerate(turn_ids)
        )
    )
    numbers = {turn_id: answer.json()["turn"] for turn_id, answer in zip(turn_ids, answers, strict=True)}
    assert all(answer.json()["saved"] for answer in answers)
    assert sorted(numbers.values()) == list(range(1, TURNS + 1))
    stored = database.rows(
        "SELECT turn_id, number FROM turns WHERE conversation = ?", fingerprint(session_id)
    )
    assert {row["turn_id"]: row["number"] for row in stored} == numbers


async def test_turn_repeated_in_the_other_worker_is_not_asked_again(workers: list[PyodideWorker]) -> None:
    session_id, turn_id = str(uuid4()), str(uuid4())
    first = (await ask(workers[0], session_id, "What does it cost?", turnId=turn_id)).json()
    again = (await ask(workers[1], session_id, "What does it cost?", turnId=turn_id)).json()
    assert again == {**first, "repeated": True}


async def test_turn_whose_reply_was_lost_is_stored_once(
    workers: list[PyodideWorker], database: Database
) -> None:
    session_id, turn_id = str(uuid4()), str(uuid4())
    workers[0].control.fail_next_d1("batch", "D1_ERROR: Network connection lost.", afterwards=True)
    first = (await ask(workers[0], session_id, "What does it cost?", turnId=turn_id)).json()
    again = (await ask(workers[1], session_id, "What does it cost?", turnId=turn_id)).json()
    assert (first["saved"], again["saved"], again["turn"]) == (False, True, 1)
    await asyncio.sleep(2)  # the first worker tries again after 1.1 s
    assert len(database.dump()["turns"]) == 1
    assert (await ask(workers[0], session_id, "And how long?")).json()["turn"] == 2


async def test_closed_session_is_closed_in_the_other_worker(
    workers: list[PyodideWorker], database: Database
) -> None:
    session_id = str(uuid4())
    await ask(workers[0], session_id, "My secret is 4711")
    late = asyncio.create_task(ask(workers[1], session_id, "My secret is 4712"))
    await close(workers[0], session_id)
    assert (await late).status_code in (200, 410)
    for worker in workers:
        refused = await ask(worker, session_id, "What did I say?")
        assert (refused.status_code, refused.json()["code"]) == (410, "session_closed")
    assert "My secret" not in str(database.dump())


async def test_rows_allow_15000_exchanges_a_day(workers: list[PyodideWorker], database: Database) -> None:
    """Of a long conversation, and of short ones that delete what has expired meanwhile."""
    worker, exchanges = workers[0], 0
    for length in (57, *[4] * 4, *[1] * 6):
        session_id = str(uuid4())
        for _ in range(length):
            exchanges += (await ask(worker, session_id, "What does it cost?")).json()["saved"]
        database.rows("UPDATE conversations SET expires_at = 1")
    assert len(database.dump()["conversations"]) <= 2
    counts = worker.control.d1_counts()
    assert exchanges == 57 + 16 + 6
    assert counts["rows_written"] / exchanges <= 100_000 / 15_000
    assert counts["rows_read"] / exchanges <= 5_000_000 / 15_000
