"""Memory: growth of Pyodide's heap over many sessions, and the cost of many sessions in memory locally.

Locally, exchanges with 100 and with 100,000 live sessions in memory alternate in one thread, with a model
that answers at once. The CPU time is the process's, and the clock is moved by hand.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bench import script
from bench.figures import Figure
from bench.isolate import running_isolate
from conversation import Conversation, Question
from local.background import BackgroundTasks
from models import Exchange, Usage
from prompt import system_prompt
from responders.responder import Reply
from session_id import generate_session_id
from session_storage import InMemorySessionStorage
from sessions import get_sessions
from settings import Settings
from voice_session import VoiceSession

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from prompt import Prompt

EXCHANGES = 1000
# Visitors who send a recording at once, of almost the largest size, and visitors who do not read speech.
VISITORS, LISTENERS = 20, 30
RECORDING_BYTES = 930_000
FEW, MANY = 100, 100_000
ROUNDS, TIMES = 9, 100
ANSWER = script.answers(1)[0]


class ManualClock:
    """A clock that moves only when advanced. A sleep never ends, so no timeout ever fires."""

    def __init__(self) -> None:
        self._now = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        """Return the current time, in UTC."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Wait forever."""
        del seconds
        await asyncio.Event().wait()

    def advance(self, seconds: float) -> None:
        """Move forward."""
        self._now += timedelta(seconds=seconds)


class InstantModel:
    """A responder that gives every question the same answer."""

    name = "instant"

    async def answer(self, prompt: Prompt) -> Reply:
        del prompt
        return Reply(ANSWER, "instant", Usage(1, 1), "stop")

    async def stream(self, prompt: Prompt, write: Callable[[str], None]) -> Reply:
        write(ANSWER)
        return await self.answer(prompt)


@dataclass(frozen=True, slots=True)
class Local:
    """A local agent with many live sessions."""

    clock: ManualClock
    storage: InMemorySessionStorage
    conversation: Conversation
    ids: list[str]

    @classmethod
    async def with_sessions(cls, count: int) -> Local:
        """Create an agent with `count` full sessions."""
        clock, settings = ManualClock(), Settings()
        background = BackgroundTasks()
        storage = InMemorySessionStorage(settings, clock)
        conversation = Conversation(
            sessions=get_sessions(storage, clock, background, settings),
            responder=InstantModel(),
            system_prompt=system_prompt(""),
            clock=clock,
            background=background,
        )
        now = clock.now()
        full = VoiceSession(created_at=now, expires_at=now)
        for question in script.questions(settings.max_messages // 2):
            full = full.with_exchange(
                Exchange(turn_id=question, question=question, answer=ANSWER, timestamp=now)
            )
        ids = [generate_session_id() for _ in range(count)]
        for session_id in ids:
            await storage.save_session(full.model_copy(update={"session_id": session_id}))
        return cls(clock, storage, conversation, ids)

    async def exchange(self, number: int) -> None:
        """Ask a question in one of the sessions, 10 ms after the previous one."""
        self.clock.advance(0.01)
        asked = script.questions(1)[0]
        await self.conversation.answer(Question(self.ids[number % len(self.ids)], asked))


def run() -> Iterator[Figure]:
    """Measure Pyodide's heap, the cost of many local sessions, and what is left after they expire."""
    with running_isolate() as isolate:
        heap = isolate.measure("heap", exchanges=EXCHANGES)
    yield from of_heap(heap)
    with running_isolate() as isolate:
        audio = isolate.measure("audio", visitors=VISITORS, listeners=LISTENERS, size=RECORDING_BYTES)
    yield from of_audio(audio)
    yield from asyncio.run(_local())


def of_audio(audio: dict[str, float]) -> Iterator[Figure]:
    """Yield the growth of the heap by recordings that are sent at once, and by speech that nobody reads."""
    yield Figure("memory.recordings_mb", audio["recordings"], "MB")
    yield Figure("memory.unread_speech_mb", audio["speech"], "MB")


def of_heap(heap: dict[str, float]) -> Iterator[Figure]:
    """Yield the heap before and after, in megabytes, and the growth in Python objects."""
    yield Figure("memory.heap_start_mb", heap["start"], "MB")
    yield Figure("memory.heap_end_mb", heap["end"], "MB")
    yield Figure("memory.heap_growth_mb", heap["end"] - heap["start"], "MB")
    yield Figure("memory.python_objects_growth", heap["objects"], "objects")


async def _local() -> list[Figure]:
    few = await Local.with_sessions(FEW)
    before = resident_mb()
    many = await Local.with_sessions(MANY)
    resident = resident_mb() - before
    cost = await _alternated(few, many)
    many.clock.advance(Settings().session_ttl_seconds + 1)
    await many.exchange(0)
    return [
        Figure("memory.local_resident_mb", before, "MB"),
        Figure("memory.local_100000_sessions_mb", resident, "MB"),
        Figure("memory.local_100_exchange_ms", cost[0], "ms"),
        Figure("memory.local_100000_exchange_ms", cost[1], "ms"),
        Figure("memory.local_scale_ratio", cost[1] / cost[0], "x"),
        Figure("memory.local_left_after_expiry", len(many.storage) - 1, "sessions"),
    ]


async def _alternated(*locals_: Local) -> list[float]:
    measured: list[list[float]] = [[] for _ in locals_]
    for turn in range(ROUNDS):
        for local, values in zip(locals_, measured, strict=True):
            begin = time.process_time()
            for number in range(TIMES):
                await local.exchange(turn * TIMES + number)
            values.append((time.process_time() - begin) / TIMES * 1000)
    return [median(values) for values in measured]


def resident_mb() -> float:
    """Return this process's resident memory in megabytes (Linux only)."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    [resident] = [line.split()[1] for line in lines if line.startswith("VmRSS:")]
    return int(resident) / 1024
