"""A soak: a local server whose store and model fail at random, and every answer accounted for."""

from __future__ import annotations

import asyncio
import gc
import random
import resource
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import httpx2

from local.background import BackgroundTasks
from local.running import running_app
from local.server import local_app
from local.standin import StandIn, running_standin
from services import build_services
from session_storage import KVSessionStorage
from settings import Settings
from stores.fake_kv import FakeKV
from stores.kv_faults import KVFaults
from tests.load.hurry import HurriedClock
from tests.load.ledger import Ledger
from tests.load.report import Report, counted
from tests.load.visits import Visits

if TYPE_CHECKING:
    from services import Services

HURRY = 10.0
VISITORS = 12
WARM_UP = 0.2
KNOWLEDGE = {"tea.md": "# Tea\n\nGreen tea costs 4 euros. Black tea costs 3 euros.\n"}
# What the last retries and checks take, of the hurried clock; then some.
SETTLE_SECONDS = 60
GROWTH = 1.05


class Soak:
    """The server's parts, within reach of who makes them fail."""

    def __init__(self, standin: StandIn, seed: int) -> None:
        """Put the agent together as a Worker does: with KV's interface and limits."""
        self.standin = standin
        self.dice = random.Random(seed)  # noqa: S311 - which faults come when
        self.clock = HurriedClock(HURRY)
        self.faults = KVFaults()
        self.kv = FakeKV(self.clock, self.faults)
        self.settings = Settings.model_validate(
            {
                "openai_api_key": "sk-soak",
                "openai_base_url": standin.base_url,
                "openai_timeout_seconds": 0.5,
                "openai_max_retries": 0,
                "storage_timeout_seconds": 0.1,
                "max_messages": 100,
            }
        )
        self.background = BackgroundTasks()
        self._transport = httpx2.AsyncHTTPTransport()
        self.agent: Services = build_services(
            settings=self.settings,
            env=SimpleNamespace(VOICE_SESSIONS=self.kv),
            documents=KNOWLEDGE,
            clock=self.clock,
            background=self.background,
            transport=self._transport,
        )
        self.ledger = Ledger()
        self.url = ""

    async def run(self, seconds: float) -> None:
        """Let visitors talk for so long while faults come and go, then let everything come to rest."""
        end = time.monotonic() + seconds
        base = f"{self.url}/api/voice-agent"
        async with httpx2.AsyncClient(base_url=base, timeout=60, trust_env=False) as client:
            visits = Visits(client, self.ledger, self.dice, lambda: time.monotonic() > end)
            trouble = asyncio.create_task(self._make_trouble())
            await asyncio.gather(*(visits.run(str(number)) for number in range(VISITORS)))
            trouble.cancel()
        self.faults.clear()
        self.standin.reset()
        await self._settle()

    async def audit(self) -> None:
        """Compare everything that is stored with what the visitors saw, then forget both."""
        storage = KVSessionStorage(self.kv, self.settings, self.clock)
        for talk in self.ledger.talks:
            said = await storage.get_conversation_history(talk.session_id)
            stored = [(q.content, a.content) for q, a in zip(said[::2], said[1::2], strict=True)]
            self.ledger.audit(talk, stored, closed=await storage.is_closed(talk.session_id))
        self.ledger.counts["conversations"] += len(self.ledger.talks)
        for talk in self.ledger.talks:
            await self.kv.delete(f"session:{talk.session_id}")
        self.ledger.talks.clear()
        for page in iter([await self.kv.list()]):
            for key in page["keys"]:
                await self.kv.delete(key["name"])
        self.faults.clear()

    async def close(self) -> None:
        """Close the connections to the model."""
        await self._transport.aclose()

    async def _settle(self) -> None:
        for _ in range(SETTLE_SECONDS):
            if not len(self.background):
                return
            await self.clock.sleep(1)

    async def _make_trouble(self) -> None:
        while True:
            await asyncio.sleep(self.dice.uniform(0.02, 0.2))
            self.faults.hanging.clear()
            self.faults.slowness = 0
            self._one_fault()

    def _one_fault(self) -> None:
        kind = self.dice.randrange(10)
        times = self.dice.randint(1, 5)
        if kind == 0:
            self.faults.fail("get", RuntimeError("KV GET failed: 500"), times)
        elif kind == 1:
            self.faults.fail("put", RuntimeError("KV PUT failed: 500"), times)
        elif kind == 2:
            self.faults.refused_puts = times
        elif kind == 3:
            self.faults.slowness = self.dice.choice([0.1, 0.5, 2.0])
        elif kind == 4:
            self.faults.hanging.add(self.dice.choice(["get", "put", "delete"]))
        elif kind < 9:
            self._model_fault(times)

    def _model_fault(self, times: int) -> None:
        behaviours: list[dict[str, Any]] = [
            {"status": self.dice.choice([400, 401, 408, 429, 500, 503])},
            {"cut_after": 2},
            {"cut_before_headers": True},
            {"stall_after": 2},
            {"malformed_after": 1},
            {"reply": ""},
            {"piece_delay": 0.01},
            {"headers_delay": 1.0},
        ]
        self.standin.behave(times=times, **self.dice.choice(behaviours))


def soak(seconds: float, seed: int) -> Report:
    """Soak for `seconds`; what is held at the end is compared with what was held after the first fifth."""
    report = Report()
    with running_standin() as standin:
        state = Soak(standin, seed)
        app = local_app(state.agent, state.background)
        with running_app(app, state.close) as url, asyncio.Runner() as runner:
            state.url = url
            before = _stretch(runner, state, WARM_UP * seconds)
            after = _stretch(runner, state, (1 - WARM_UP) * seconds)
    _tell(report, state, before, after)
    return report


def _stretch(runner: asyncio.Runner, state: Soak, seconds: float) -> tuple[int, int, int]:
    """Objects, memory (the most so far, in KiB) and tasks that are held after `seconds` of visitors."""
    runner.run(state.run(seconds))
    runner.run(state.audit())
    gc.collect()
    tasks = len(state.background) + len(state.agent.sessions)
    return len(gc.get_objects()), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, tasks


def _tell(report: Report, state: Soak, before: tuple[int, int, int], after: tuple[int, int, int]) -> None:
    report.problems = state.ledger.problems
    report.figures = {
        "what happened": counted(state.ledger.counts),
        "objects after the first fifth": before[0],
        "objects at the end": after[0],
        "most memory after the first fifth, KiB": before[1],
        "most memory at the end, KiB": after[1],
        "tasks and sessions held at the end": after[2],
        "keys in KV after the audit": len(state.kv),
    }
    report.expect(not before[2] and not after[2], "tasks or sessions are held")
    report.expect(after[0] < GROWTH * before[0], "objects leak")
