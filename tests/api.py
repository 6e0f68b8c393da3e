"""The API in this process, with collaborators that the test controls."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import httpx2

from api.app import create_app
from api.route import PREFIX
from conversation import Conversation
from local.background import BackgroundTasks
from rate_limit import get_rate_limiter
from services import Services
from session_id import generate_session_id
from session_storage import KVSessionStorage
from sessions import Sessions
from settings import Settings
from stores.fake_kv import FakeKV
from stores.kv_faults import KVFaults
from tests.clocks import AutoClock
from tests.responders import ScriptedResponder


@dataclass
class Api:
    """An agent on a fake KV with a scripted responder, and a client of its API."""

    settings: Settings = field(default_factory=Settings)
    faults: KVFaults = field(default_factory=KVFaults)
    clock: AutoClock = field(default_factory=AutoClock)
    background: BackgroundTasks = field(default_factory=BackgroundTasks)
    responder: ScriptedResponder = field(default_factory=ScriptedResponder)
    session_id: str = field(default_factory=generate_session_id)

    def __post_init__(self) -> None:
        self.kv = FakeKV(self.clock, self.faults)
        self.storage = KVSessionStorage(self.kv, self.settings, self.clock)
        self.sessions = Sessions(self.storage, self.clock, self.background)
        conversation = Conversation(
            sessions=self.sessions,
            responder=self.responder,
            system_prompt="You know things.",
            clock=self.clock,
            background=self.background,
            max_tokens=self.settings.max_session_tokens,
        )
        limiter = get_rate_limiter(None, self.settings, self.clock)
        self.services = Services(
            settings=self.settings,
            storage=self.storage,
            responder=self.responder,
            sessions=self.sessions,
            conversation=conversation,
            clock=self.clock,
            rate_limiter=limiter,
        )
        self.app = create_app(lambda _scope: self.services)
        self.client = client_of(self.app)

    async def chat(self, question: object = "Hello?", **headers: str) -> httpx2.Response:
        """Ask a question in this session, two seconds after the previous call."""
        return await self.turn({"question": question}, **headers)

    async def turn(self, fields: dict[str, object], **headers: str) -> httpx2.Response:
        """Like `chat`, with `fields` as the body in addition to the session id."""
        self.clock.advance(2)
        return await self.client.post("/chat", json={"sessionId": self.session_id, **fields}, headers=headers)

    async def session(self, method: str = "GET", path: str = "/session") -> httpx2.Response:
        """Send a request for this session."""
        return await self.client.request(method, path, headers={"X-Session-ID": self.session_id})


def client_of(app: Any) -> httpx2.AsyncClient:
    """Return a client whose paths are relative to the API. Errors of the app become responses with 500."""
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx2.AsyncClient(transport=transport, base_url=f"http://agent.test{PREFIX}")


def sse(text: str) -> list[tuple[str, str]]:
    """Parse an event stream into the name and data of each event."""
    events = (
        dict(line.split(": ", 1) for line in event.splitlines()) for event in text.split("\n\n") if event
    )
    return [(event["event"], event["data"]) for event in events]
