"""The D1 operations and rows of an exchange, and its time, by itself and relative to KV.

Rows and times are those of miniflare's D1. The CPU time is that of the Worker's thread, with KV and D1 in
another one. What is compared alternates, and a ratio is the interquartile mean of the ratios of all rounds.
"""

from __future__ import annotations

import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import httpx2

from bench.figures import Figure, interquartile_mean
from bench.isolate import running_isolate
from bench.tokens import FULL
from local.environment import ROOT
from local.migrations import read_migrations
from local.pyodide.database import running_database
from local.pyodide.worker import PyodideWorker
from session_id import fingerprint, generate_session_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.pyodide.database import Database

Counts = dict[str, float]

STORES = (ROOT / "bench" / "inside" / "stores.mjs").as_uri()
READS = ("all", "first", "raw")
WRITES = ("batch", "run", "exec")
# How many exchanges the visitors of a day have, over and over, and how many visitors a conversation outlives.
VISITS = (1, 2, 3, 5, 8)
LIFETIME, VISITORS = 10, 50
# What D1's Free plan allows in a day: developers.cloudflare.com/d1/platform/pricing.
FREE_ROWS_READ, FREE_ROWS_WRITTEN = 5_000_000, 100_000
FEW, MANY = 100, 100_000
VISITS_TO_EACH = 24
ROUNDS, TIMES = 100, 20
# Conversations of five turns with texts of the usual length, which expire within the hour.
CONVERSATIONS = """
WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?1)
INSERT INTO conversations (id, created_at, updated_at, expires_at, turn, tokens)
SELECT lower(hex(randomblob(32))), ?2, ?2, ?2 + 3600000 + n, 5, 500 FROM numbers
"""
TURNS = """
INSERT INTO turns (conversation, number, turn_id, question, answer, asked_at, record)
SELECT conversations.id, value, lower(hex(randomblob(16))), printf('%.*c', 60, 'q'), printf('%.*c', 300, 'a'),
  created_at, '{}'
FROM conversations, json_each('[1, 2, 3, 4, 5]')
"""


def run() -> Iterator[Figure]:
    """Count operations and rows; measure exchanges with few and many conversations, and relative to KV."""
    with running_database() as database, running_worker(database) as worker:
        yield from of_exchanges(dict(_exchanges(worker)))
        yield from of_a_day(*_a_day(database, worker))
    yield from of_sizes(_sizes())
    yield from of_stores(_stores())


def of_exchanges(counted: dict[str, Counts]) -> Iterator[Figure]:
    """Yield the maximum operations, and the rows of each kind of exchange.

    `counted` maps `json N` and `stream N` to calls by operation, `rows_read` and `rows_written`.
    """
    for form, prefix in (("json", "d1."), ("stream", "d1.stream_")):
        found = [counts for name, counts in counted.items() if name.startswith(form)]
        for name, operations in (("reads", READS), ("writes", WRITES)):
            calls = max(sum(counts.get(call, 0) for call in operations) for counts in found)
            yield Figure(f"{prefix}{name}", calls, "operations")
        kinds = {"first": found[:1], "later": found[1 : FULL - 1], "trimming": found[FULL - 1 :]}
        for rows in ("rows_read", "rows_written"):
            for kind, exchanges in kinds.items():
                yield Figure(f"{prefix}{rows}_{kind}", max(counts[rows] for counts in exchanges), "rows")


def of_a_day(exchanges: int, counts: Counts) -> Iterator[Figure]:
    """Yield the average rows of `exchanges`, and how many of those D1's Free plan allows in a day."""
    read, written = (counts[rows] / exchanges for rows in ("rows_read", "rows_written"))
    yield Figure("d1.rows_read", read, "rows")
    yield Figure("d1.rows_written", written, "rows")
    a_day = min(FREE_ROWS_READ / read, FREE_ROWS_WRITTEN / written)
    yield Figure("d1.free_exchanges_a_day", a_day, "exchanges")


def of_sizes(measured: dict[int, dict[str, list[float]]]) -> Iterator[Figure]:
    """Yield the time of an exchange and of D1's share in it, by how many conversations there are."""
    for name in ("exchange", "database"):
        cost = {count: interquartile_mean(found[name]) for count, found in measured.items()}
        for count, milliseconds in cost.items():
            yield Figure(f"d1.{name}_{count}_ms", milliseconds, "ms")
        yield Figure(f"d1.{name}_scale_ratio", _ratio(measured[MANY][name], measured[FEW][name]), "x")


def of_stores(measured: dict[str, list[float]]) -> Iterator[Figure]:
    """Yield the CPU time of an exchange with each store, and the ratio."""
    cost = {name: interquartile_mean(values) for name, values in measured.items()}
    for name, milliseconds in cost.items():
        yield Figure(f"d1.cpu_{name}_ms", milliseconds, "ms")
    yield Figure("d1.cpu_vs_kv", _ratio(measured["d1"], measured["kv"]), "x")


@contextmanager
def running_worker(database: Database) -> Iterator[PyodideWorker]:
    """The Worker with its offline demo and without limits, on `database`."""
    with PyodideWorker.start(env={"RATE_LIMIT": "off"}, kv=False, database=database.url) as worker:
        yield worker


def _exchanges(worker: PyodideWorker) -> Iterator[tuple[str, Counts]]:
    for name, accept in (("json", "application/json"), ("stream", "text/event-stream")):
        session_id = generate_session_id()
        for number in range(1, FULL + 2):
            worker.control.reset_d1()
            _ask(worker, session_id, accept)
            yield f"{name} {number}", worker.control.d1_counts()


def _a_day(database: Database, worker: PyodideWorker) -> tuple[int, Counts]:
    """Count visits of which each lets an earlier one's conversation expire."""
    visitors = [generate_session_id() for _ in range(VISITORS)]
    exchanges = 0
    for number, session_id in enumerate(visitors):
        if number == LIFETIME:
            worker.control.reset_d1()
            exchanges = 0
        if number >= LIFETIME:
            gone = fingerprint(visitors[number - LIFETIME])
            database.run("UPDATE conversations SET expires_at = 1 WHERE id = ?", gone)
        for _ in range(VISITS[number % len(VISITS)]):
            _ask(worker, session_id)
            exchanges += 1
    return exchanges, worker.control.d1_counts()


def _sizes() -> dict[int, dict[str, list[float]]]:
    found: dict[int, dict[str, list[float]]] = {}
    with ExitStack() as stack:
        workers = {}
        for count in (FEW, MANY):
            database = stack.enter_context(running_database())
            database.run(CONVERSATIONS, count, round(time.time() * 1000))
            database.run(TURNS)
            workers[count] = stack.enter_context(running_worker(database))
            found[count] = {"exchange": [], "database": []}
        for _ in range(VISITS_TO_EACH):
            for count, worker in workers.items():
                for name, milliseconds in _visit(worker).items():
                    found[count][name].append(milliseconds)
    return found


def _visit(worker: PyodideWorker) -> dict[str, float]:
    """Return the milliseconds of an exchange in a new session, until it is full."""
    session_id = generate_session_id()
    worker.control.reset_d1()
    begin = time.perf_counter()
    for _ in range(FULL):
        _ask(worker, session_id)
    whole = (time.perf_counter() - begin) * 1000
    return {"exchange": whole / FULL, "database": worker.control.d1_counts()["milliseconds"] / FULL}


def _stores() -> dict[str, list[float]]:
    schema = "\n".join(sql for _, sql in sorted(read_migrations().items()))
    with running_isolate() as isolate:
        measured = isolate.measure("stores", rounds=ROUNDS, times=TIMES, module=STORES, schema=schema)
    return dict(measured)


def _ratio(these: list[float], those: list[float]) -> float:
    return interquartile_mean(this / that for this, that in zip(these, those, strict=True))


def _ask(worker: PyodideWorker, session_id: str, accept: str = "application/json") -> Any:
    response = httpx2.post(
        f"{worker.base_url}/api/voice-agent/chat",
        json={"question": "What about the middle tier?", "sessionId": session_id},
        headers={"accept": accept},
        timeout=60,
        trust_env=False,
    )
    return response.raise_for_status()
