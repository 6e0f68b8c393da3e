"""How much of our own code a warm `POST /chat` runs: functions, files, and switches between files.

One request goes through the whole application over ASGI, in this process and with default settings. OpenAI
is a transport that answers at once. `json` and `stream` keep sessions in a minimal KV binding, as at the
edge; `local_json` keeps them in memory, like the local server, which adds the code of the fake KV. The agent
and the session have been used before, so nothing that happens only once is counted. What only the Worker
has is not counted either: `entry.py`, the `edge` folder and the log formatter.

The rule: `sys.setprofile` reports a call whenever a Python frame is entered: on a call, and each time a
coroutine or generator resumes. The trace is the sequence of those entries into code under `src`, from sending
the request until all background work is done. Comprehensions and generator expressions count as part of the
function around them. A function counts once, however often it is entered. A switch is an entry in another
file than the entry before it, so resumptions do count as switches.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import httpx2

from api.app import create_app
from bench import script
from bench.figures import Figure
from clock import SystemClock
from local.background import BackgroundTasks
from local.environment import ROOT
from services import build_services
from session_id import generate_session_id
from settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from types import CodeType, FrameType

SOURCES = ROOT / "src"
CHAT = "http://agent.test/api/voice-agent/chat"
JSON, EVENTS = "application/json", "text/event-stream"
WARM_UP = 2
INLINED = {"<genexpr>", "<listcomp>", "<setcomp>", "<dictcomp>"}
PIECES = ("Three ", "tiers", ".")
USAGE = {"prompt_tokens": 12, "completion_tokens": 3, "total_tokens": 15}


@dataclass(frozen=True, slots=True)
class Trace:
    """The entries into our own functions, in order: each a file and a qualified name."""

    entries: list[tuple[str, str]] = field(default_factory=list)

    @property
    def functions(self) -> list[tuple[str, str]]:
        """The distinct functions, in the order of their first entry."""
        return list(dict.fromkeys(self.entries))

    @property
    def files(self) -> list[str]:
        """The distinct files, in the order of their first entry."""
        return list(dict.fromkeys(file for file, _ in self.entries))

    @property
    def switches(self) -> int:
        """How often an entry is in a different file from the one before it."""
        return sum(before != after for (before, _), (after, _) in pairwise(self.entries))

    def profile(self, frame: FrameType, event: str, argument: object) -> None:
        """Record an entry; this is a function for `sys.setprofile`."""
        del argument
        code = frame.f_code
        if event == "call" and code.co_name not in INLINED and _is_ours(code):
            self.entries.append((_file(code), code.co_qualname))

    def figures(self, name: str) -> Iterator[Figure]:
        """The three counts, named after the request."""
        yield Figure(f"trace.{name}_functions", len(self.functions), "functions")
        yield Figure(f"trace.{name}_files", len(self.files), "files")
        yield Figure(f"trace.{name}_switches", self.switches, "switches")


class Binding:
    """A KV binding that keeps values in a dict, without expiry or limits."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}

    async def get(self, key: str) -> str | None:
        """Return the value of `key`, or None."""
        return self._values.get(key)

    async def put(self, key: str, value: str, **options: object) -> None:
        """Store `value`; the options are ignored."""
        del options
        self._values[key] = value

    async def delete(self, key: str) -> None:
        """Remove `key`; a no-op if it does not exist."""
        self._values.pop(key, None)


class Environment:
    """The Worker's `env`, with a KV binding and nothing else."""

    def __init__(self) -> None:
        self.VOICE_SESSIONS = Binding()


class OneChunk(httpx2.AsyncByteStream):
    """A response body that arrives in one chunk."""

    def __init__(self, chunk: bytes) -> None:
        self._chunk = chunk

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield the chunk."""
        yield self._chunk


def run() -> Iterator[Figure]:
    """Trace an answer as JSON and as a stream, and JSON with sessions in memory."""
    for name, found in asyncio.run(traces()).items():
        yield from found.figures(name)


def listing() -> Iterator[str]:
    """Describe each trace: one line for each entry, `file function`, in order."""
    for name, found in asyncio.run(traces()).items():
        yield f"# {name}"
        yield from (f"{file} {function}" for file, function in found.entries)


async def traces() -> dict[str, Trace]:
    """Return a trace of each kind of request, by name."""
    return {
        "json": await trace(JSON, Environment()),
        "stream": await trace(EVENTS, Environment()),
        "local_json": await trace(JSON, None),
    }


async def trace(accept: str, env: Environment | None) -> Trace:
    """Trace one question, asked after `WARM_UP` others in its session."""
    background, session_id, found = BackgroundTasks(), generate_session_id(), Trace()
    async with _client(env, background) as client:
        for turn in range(WARM_UP):
            await _ask(client, session_id, turn, accept)
            await background.drain()
        sys.setprofile(found.profile)
        try:
            await _ask(client, session_id, WARM_UP, accept)
            await background.drain()
        finally:
            sys.setprofile(None)
    return found


def completion(request: httpx2.Request) -> httpx2.Response:
    """Answer a chat completion, in the form that its body asks for."""
    if json.loads(request.content).get("stream"):
        events = [*({"choices": [{"delta": {"content": piece}}]} for piece in PIECES), _END, _LAST]
        lines = [f"data: {json.dumps({'model': 'instant', **event})}\n\n" for event in events]
        stream = OneChunk("".join([*lines, "data: [DONE]\n\n"]).encode())
        return httpx2.Response(200, headers={"content-type": EVENTS}, stream=stream)
    choice = {"message": {"role": "assistant", "content": "".join(PIECES)}, "finish_reason": "stop"}
    return httpx2.Response(200, json={"model": "instant", "choices": [choice], "usage": USAGE})


_END: dict[str, Any] = {"choices": [{"delta": {}, "finish_reason": "stop"}]}
_LAST: dict[str, Any] = {"choices": [], "usage": USAGE}


def _client(env: Environment | None, background: BackgroundTasks) -> httpx2.AsyncClient:
    services = build_services(
        settings=Settings.read({"OPENAI_API_KEY": "sk-bench"}.get),
        env=env,
        documents=script.documents(),
        clock=SystemClock(),
        background=background,
        transport=httpx2.MockTransport(completion),
    )
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app=create_app(lambda _scope: services)))


async def _ask(client: httpx2.AsyncClient, session_id: str, turns: int, accept: str) -> None:
    question = script.questions(turns + 1)[-1]
    body = {"question": question, "sessionId": session_id, "turnId": str(uuid4()), "turns": turns}
    response = await client.post(CHAT, json=body, headers={"accept": accept})
    response.raise_for_status()


def _is_ours(code: CodeType) -> bool:
    return code.co_filename.startswith(f"{SOURCES}/")


def _file(code: CodeType) -> str:
    return Path(code.co_filename).relative_to(SOURCES).as_posix()
