"""Throughput of the local server over HTTP, compared with a bare FastAPI route that calls `openai`.

Both use the same stand-in and get requests from the same client alternately; each is a process of its own.
The rate is by wall-clock time with a few concurrent visitors; `cpu` is the server's CPU time for an exchange.
"""

from __future__ import annotations

import asyncio
import time
from statistics import median
from typing import TYPE_CHECKING

import httpx2

from bench import script
from bench.figures import Figure
from bench.processes import running
from session_id import generate_session_id

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.processes import Server

VISITORS = 4
ROUNDS, QUESTIONS = 7, 25


def run() -> Iterator[Figure]:
    """Measure the rate and the CPU time of both servers."""
    with (
        running("bench.serving", "model") as model,
        running("bench.serving", "ours", model.url) as ours,
        running("bench.serving", "bare", model.url) as bare,
    ):
        yield from figures(*asyncio.run(_alternated({"exchanges": ours, "bare": bare})))


def figures(rates: dict[str, float], cpu: dict[str, float]) -> Iterator[Figure]:
    """Yield exchanges a second, CPU milliseconds of an exchange, and the ratios."""
    for name, rate in rates.items():
        yield Figure(f"local.{name}_per_s", rate, "1/s")
    yield Figure("local.throughput_ratio", rates["exchanges"] / rates["bare"], "x")
    for name, used in cpu.items():
        yield Figure(f"local.{name}_cpu_ms", used, "ms")
    yield Figure("local.cpu_ratio", cpu["exchanges"] / cpu["bare"], "x")


async def _alternated(servers: dict[str, Server]) -> tuple[dict[str, float], dict[str, float]]:
    rates: dict[str, list[float]] = {name: [] for name in servers}
    cpu: dict[str, list[float]] = {name: [] for name in servers}
    for number in range(ROUNDS + 1):
        for name, server in servers.items():
            begin, used = time.perf_counter(), server.cpu_seconds()
            await asyncio.gather(*(_visit(server.url) for _ in range(VISITORS)))
            if number:  # the first round is a warm-up
                rates[name].append(VISITORS * QUESTIONS / (time.perf_counter() - begin))
                cpu[name].append((server.cpu_seconds() - used) / (VISITORS * QUESTIONS) * 1000)
    return _medians(rates), _medians(cpu)


async def _visit(url: str) -> None:
    session_id = generate_session_id()
    async with httpx2.AsyncClient(base_url=url, trust_env=False, timeout=60) as client:
        for question in script.questions(QUESTIONS):
            body = {"question": question, "sessionId": session_id}
            (await client.post("/api/voice-agent/chat", json=body)).raise_for_status()


def _medians(values: dict[str, list[float]]) -> dict[str, float]:
    return {name: median(found) for name, found in values.items()}
