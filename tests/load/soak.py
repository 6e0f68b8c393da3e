"""A soak: a local server whose store and model fail at random, with every answer accounted for."""

from __future__ import annotations

import asyncio
import gc
import random
import resource
import time
from typing import TYPE_CHECKING, NamedTuple

import httpx2

from local.background import BackgroundTasks
from local.running import running_app
from local.server import local_app
from local.standin import StandIn, running_standin
from services import build_services
from session_storage import get_session_storage
from settings import Settings
from tests.load.fast_clock import FastClock
from tests.load.ledger import Ledger
from tests.load.report import Report, counted
from tests.load.stores import STORES
from tests.load.trouble import Trouble
from tests.load.visits import Visits

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from tests.load.stores import StoreName

CLOCK_FACTOR = 10.0
VISITORS = 12
WARM_UP = 0.2
KNOWLEDGE = {"tea.md": "# Tea\n\nGreen tea costs 4 euros. Black tea costs 3 euros.\n"}
# Retries and checks in the background take about three seconds by the fast clock.
PATIENCE_SECONDS = 120
MAX_GROWTH = 1.05


class Held(NamedTuple):
    """What the process holds: Python objects, peak memory in KiB, and tasks and sessions in progress."""

    objects: int
    peak_kib: int
    in_progress: int


class Soak:
    """The server as an ASGI application, its parts, and the ledger of what its visitors saw."""

    def __init__(self, standin: StandIn, seed: int, store: StoreName) -> None:
        self.ledger = Ledger()
        self._dice = random.Random(seed)  # noqa: S311 - reproducible faults
        self._clock = FastClock(CLOCK_FACTOR)
        self._store = STORES[store](self._clock)
        self._trouble = Trouble(self._store, standin, self._dice)
        self._settings = Settings.model_validate(
            {
                "openai_api_key": "sk-soak",
                "openai_base_url": standin.base_url,
                "openai_timeout_seconds": 0.5,
                "openai_max_retries": 0,
                "storage_timeout_seconds": 0.1,
                "max_messages": 100,
            }
        )
        self._background = BackgroundTasks()
        self._transport = httpx2.AsyncHTTPTransport()
        self._services = build_services(
            settings=self._settings,
            env=self._store.env,
            documents=KNOWLEDGE,
            clock=self._clock,
            background=self._background,
            transport=self._transport,
        )
        self._app = local_app(self._services, self._background)
        self._server_loop: asyncio.AbstractEventLoop | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        self._server_loop = asyncio.get_running_loop()
        await self._app(scope, receive, send)

    async def visit(self, url: str, seconds: float) -> None:
        """Let visitors in for some seconds while faults come and go, then wait for all background work."""
        end = time.monotonic() + seconds
        base = f"{url}/api/voice-agent"
        async with httpx2.AsyncClient(base_url=base, timeout=PATIENCE_SECONDS, trust_env=False) as client:
            visits = Visits(client, self.ledger, self._dice, lambda: time.monotonic() > end)
            trouble = asyncio.create_task(self._trouble.run())
            await asyncio.gather(*(visits.run(str(number)) for number in range(VISITORS)))
            trouble.cancel()
        self._trouble.stop()
        await self._drain()

    async def audit(self) -> None:
        """Compare everything stored with what the visitors saw, then empty both."""
        patient = self._settings.model_copy(update={"storage_timeout_seconds": PATIENCE_SECONDS})
        storage = get_session_storage(self._store.env, patient, self._clock)
        for seen in self.ledger.conversations:
            messages = await storage.get_conversation_history(seen.session_id)
            pairs = zip(messages[::2], messages[1::2], strict=True)
            stored = [(question.content, answer.content) for question, answer in pairs]
            self.ledger.audit(seen, stored, closed=await storage.is_closed(seen.session_id))
        self.ledger.counts["conversations"] += len(self.ledger.conversations)
        self.ledger.conversations.clear()
        await self._store.empty()

    def held(self) -> Held:
        """Measure what the process holds now."""
        gc.collect()
        in_progress = len(self._background) + len(self._services.sessions)
        return Held(len(gc.get_objects()), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, in_progress)

    async def close(self) -> None:
        """Close the connections to the model."""
        await self._transport.aclose()

    async def _drain(self) -> None:
        if self._server_loop is None:
            return
        drained = asyncio.run_coroutine_threadsafe(self._background.drain(), self._server_loop)
        await asyncio.wait_for(asyncio.wrap_future(drained), PATIENCE_SECONDS)


def soak(seconds: float, seed: int, store: StoreName = "kv") -> Report:
    """Soak for some seconds, and compare what is held at the end with what was held after the first fifth."""
    with running_standin() as standin:
        state = Soak(standin, seed, store)
        with running_app(state, state.close) as url, asyncio.Runner() as runner:
            held = []
            for share in (WARM_UP, 1 - WARM_UP):
                runner.run(state.visit(url, share * seconds))
                runner.run(state.audit())
                held.append(state.held())
    return _report(state, *held)


def _report(state: Soak, before: Held, after: Held) -> Report:
    report = Report(problems=state.ledger.problems)
    report.figures = {
        "outcomes": counted(state.ledger.counts),
        "objects after the first fifth": before.objects,
        "objects at the end": after.objects,
        "peak memory after the first fifth, KiB": before.peak_kib,
        "peak memory at the end, KiB": after.peak_kib,
        "tasks and sessions in progress at the end": after.in_progress,
    }
    report.expect(not before.in_progress and not after.in_progress, "tasks or sessions are still in progress")
    report.expect(after.objects < MAX_GROWTH * before.objects, "objects leak")
    return report
