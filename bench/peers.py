"""The same conversation with other agents on CPython: OpenAI's Agents SDK with SQLite, and LangChain.

Each asks the same thirty questions with the same instructions and keeps the same ten messages, alternately
and in a new session each time. The stand-in is a process of its own; the time is the CPU time of this
process. If the dependency group `bench` is not installed, uv creates an environment that has it.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import os
import subprocess
import tempfile
import time
from statistics import median
from typing import TYPE_CHECKING

import httpx2

from bench import script
from bench.figures import Figure
from bench.processes import running
from local.environment import ROOT
from local.standin.chat_request import ChatRequest
from local.uv import uv_program

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.contenders import Contender

ROUNDS, EXCHANGES = 5, 30


def run() -> Iterator[Figure]:
    """Measure each agent's CPU time, store operations and tokens."""
    if importlib.util.find_spec("agents") is None:
        yield from _elsewhere()
        return
    os.environ |= {"OPENAI_AGENTS_DISABLE_TRACING": "1", "LANGSMITH_TRACING": "false"}
    from bench.contenders import contenders  # noqa: PLC0415 - reads the environment when imported

    with running("bench.serving", "model") as model, tempfile.TemporaryDirectory() as scratch:
        agents = contenders(model.url, scratch)
        costs, sent = asyncio.run(_measured(agents, model.url))
        yield from figures(costs, {agent.name: agent.operations / agent.asked for agent in agents}, sent)


def figures(
    costs: dict[str, float], operations: dict[str, float], sent: dict[str, float]
) -> Iterator[Figure]:
    """Yield each agent's measurements and the ratios of time."""
    for name, cost in costs.items():
        yield Figure(f"peers.{name}_ms", cost, "ms")
        yield Figure(f"peers.{name}_store_operations", operations[name], "per exchange")
        yield Figure(f"peers.{name}_tokens", sent[name], "tokens")
    for name in ("agents_sdk", "langchain"):
        yield Figure(f"peers.{name}_time_ratio", costs["ours"] / costs[name], "x")


def _elsewhere() -> Iterator[Figure]:
    again = ("run", "--isolated", "--group", "bench", "python", "-m", "bench", "peers", "--json")
    command = [uv_program(), *again]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603 - uv
    for line in done.stdout.splitlines():
        yield Figure(**json.loads(line))


async def _measured(agents: list[Contender], model_url: str) -> tuple[dict[str, float], dict[str, float]]:
    return await _alternated(agents), {agent.name: await _tokens(agent, model_url) for agent in agents}


async def _alternated(agents: list[Contender]) -> dict[str, float]:
    costs: dict[str, list[float]] = {agent.name: [] for agent in agents}
    for number in range(ROUNDS + 1):
        for agent in agents:
            begin = time.process_time()
            await _talk(agent)
            if number:  # the first round is a warm-up
                costs[agent.name].append((time.process_time() - begin) / EXCHANGES * 1000)
    return {name: median(values) for name, values in costs.items()}


async def _tokens(agent: Contender, model_url: str) -> float:
    """Count the tokens that one whole conversation sends."""
    control = model_url.removesuffix("/v1") + "/_standin/requests"
    async with httpx2.AsyncClient(trust_env=False) as client:
        (await client.delete(control)).raise_for_status()
        await _talk(agent)
        recorded = (await client.get(control)).json()
    return sum(ChatRequest.read(request["body"]).prompt_tokens for request in recorded)


async def _talk(agent: Contender) -> None:
    agent.begin()
    for question in script.questions(EXCHANGES):
        await agent.ask(question)
