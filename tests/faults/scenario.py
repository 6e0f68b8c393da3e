"""A conversation that runs into a fault: the API over a fake KV or D1, with the stand-in as its model."""

from __future__ import annotations

import asyncio
import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import httpx2

from api.app import create_app
from api.route import PREFIX
from errors import ConfigurationError, StorageError
from local.background import BackgroundTasks
from services import Services, build_services
from session_id import generate_session_id
from session_storage import get_session_storage
from settings import Settings
from stores.d1_faults import D1Faults
from stores.fake_kv import FakeKV
from stores.kv_faults import KVFaults
from tests.api import client_of
from tests.clocks import AutoClock
from tests.d1 import fake_d1
from tests.faults.leaving import LeavingVisitor
from tests.faults.words import words_for

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from local.standin import StandIn

KNOWLEDGE = {"tea.md": "# Tea\n\nGreen tea costs 4 euros."}
SECRETS = ("sk-faults", "Green tea costs", "never change", "Traceback", "session:", "JsException", "D1_ERROR")
STREAM = {"accept": "text/event-stream"}
# Far longer than anything takes on a busy machine. Faults that need a timeout shorten it.
PATIENCE_SECONDS = 60


class Model(httpx2.AsyncBaseTransport):
    """The connection to the stand-in. While `released` is not set, requests are held back."""

    def __init__(self) -> None:
        self.requested, self.released = asyncio.Event(), asyncio.Event()
        self.released.set()
        self._network = httpx2.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        self.requested.set()
        await self.released.wait()
        return await self._network.handle_async_request(request)

    async def aclose(self) -> None:
        await self._network.aclose()


class Scenario:
    """A conversation with one turn, `one`. Then a fault is switched on, and `two` is asked.

    `env` has the isolate's bindings, and `settings` its variables. `method`, `path`, `headers` and `body` (or
    `content`, as bytes) are the request that meets the fault; `leave` is the point at which its visitor
    leaves, if they do.
    """

    def __init__(self, standin: StandIn) -> None:
        self.standin = standin
        self.model = Model()
        self.clock = AutoClock()
        self.kv_faults, self.d1_faults = KVFaults(), D1Faults()
        self.kv = FakeKV(self.clock, self.kv_faults)
        self.d1 = fake_d1(self.clock, self.d1_faults)
        self.env = SimpleNamespace(VOICE_SESSIONS=self.kv)
        self.background = BackgroundTasks()
        self.session_id = generate_session_id()
        self.settings: dict[str, object] = {
            "OPENAI_API_KEY": "sk-faults",
            "OPENAI_BASE_URL": standin.base_url,
            "OPENAI_MAX_RETRIES": 0,
            "OPENAI_TIMEOUT_SECONDS": PATIENCE_SECONDS,
            "STORAGE_TIMEOUT_SECONDS": 25,
        }
        self.body: dict[str, Any] = {"question": "two", "sessionId": self.session_id, "turns": 1}
        self.content: bytes | None = None
        self.headers: dict[str, str] = {}
        self.method, self.path = "POST", "/chat"
        self.leave: str | None = None
        self._services: Services | None = None
        self.app = create_app(self.services)
        self.client = client_of(self.app)

    def services(self, _scope: MutableMapping[str, Any] | None = None) -> Services:
        """Build the services at the first request and keep them, like an isolate of the Worker."""
        if self._services is None:
            self._services = build_services(
                settings=Settings.read(self.settings.get),
                env=self.env,
                documents=KNOWLEDGE,
                clock=self.clock,
                background=self.background,
                transport=self.model,
            )
        return self._services

    def keep_in_d1(self) -> None:
        """Bind D1 instead of KV."""
        self.env = SimpleNamespace(VOICE_DB=self.d1)

    def restart(self, **settings: object) -> None:
        """Serve the next request from a new isolate with these settings changed."""
        self.settings.update(settings)
        self._services = None

    def is_misconfigured(self) -> bool:
        """Whether every request fails because of the settings."""
        try:
            self.services()
        except ConfigurationError:
            return True
        return False

    async def first_turn(self) -> None:
        """Ask `one`, which is answered and stored."""
        body = {"question": "one", "sessionId": self.session_id, "turnId": generate_session_id()}
        response = await self.client.post("/chat", json=body)
        assert response.json()["saved"] is True, response.text
        self.clock.advance(2)
        self.model.requested.clear()

    async def second_turn(self, *, streamed: bool) -> str:
        """Send the request that meets the fault and describe the response in the words of docs/faults.md."""
        if self.leave:
            visitor = LeavingVisitor(self.app, f"{PREFIX}{self.path}", self.body, self.leave)
            await visitor.ask(streamed=streamed)
            return "nobody reads it"
        headers = {**(STREAM if streamed else {}), "content-type": "application/json", **self.headers}
        content = self.content if self.content is not None else json.dumps(self.body).encode()
        response = await self.client.request(self.method, self.path, content=content, headers=headers)
        self.model.released.set()
        self._assert_no_secret_in(response)
        return words_for(response)

    async def conversation(self) -> str:
        """Describe what is stored once all background work is done, in the words of docs/faults.md."""
        await asyncio.wait_for(self.background.drain(), PATIENCE_SECONDS)
        self.kv_faults.clear()
        self.d1_faults.clear()
        storage = get_session_storage(self.env, Settings(), self.clock)
        try:
            if await storage.is_closed(self.session_id):
                return "closed"
        except StorageError:
            return "none"
        history = await storage.get_conversation_history(self.session_id)
        words = {
            (): "none",
            ("one",): "as it was",
            ("one", "two"): "with this turn",
            ("one", "two and three"): "with the later turn",
            ("two",): "only this turn",
        }
        return words[tuple(message.content for message in history if message.role == "user")]

    async def close(self) -> None:
        """Close all connections."""
        await self.client.aclose()
        await self.model.aclose()

    def _assert_no_secret_in(self, response: httpx2.Response) -> None:
        # An answer names its own session.
        text = response.text.replace(f'"sessionId":"{self.session_id}"', "") + str(response.headers)
        assert [secret for secret in (*SECRETS, self.session_id[:20]) if secret in text] == []
