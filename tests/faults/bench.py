"""The API over a fake KV and the stand-in for OpenAI, one turn into a conversation, and what comes back."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import httpx2

from api.app import create_app
from api.route import PREFIX
from errors import ConfigurationError
from local.background import BackgroundTasks
from services import Services, build_services
from session_id import generate_session_id
from session_storage import KVSessionStorage
from settings import Settings
from stores.fake_kv import FakeKV
from stores.kv_faults import KVFaults
from tests.api import client_of, sse
from tests.clocks import AutoClock
from tests.faults.leaving import LeavingVisitor

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from local.standin import StandIn

KNOWLEDGE = {"tea.md": "# Tea\n\nGreen tea costs 4 euros."}
SECRETS = ("sk-faults", "Green tea costs", "never change", "Traceback", "session:", "JsException")
STREAM = {"accept": "text/event-stream"}


class Env:
    """Bindings of a Worker."""

    def __init__(self, kv: FakeKV | None) -> None:
        if kv is not None:
            self.VOICE_SESSIONS = kv


class FaultBench:
    """A conversation with one turn, `one`, in which `two` is asked once a fault has been switched on.

    `settings` are variables; a fault changes them before the first request. `body`, `headers`, `method` and
    `path` are the request that meets the fault; `leave` is where its visitor leaves.
    """

    def __init__(self, standin: StandIn) -> None:
        self.standin = standin
        self.kv_faults = KVFaults()
        self.clock = AutoClock()
        self.kv: FakeKV | None = FakeKV(self.clock, self.kv_faults)
        self.background = BackgroundTasks()
        self.session_id = generate_session_id()
        self.settings: dict[str, object] = {
            "OPENAI_API_KEY": "sk-faults",
            "OPENAI_BASE_URL": standin.base_url,
            "OPENAI_MAX_RETRIES": 0,
            "OPENAI_TIMEOUT_SECONDS": 0.3,
            "STORAGE_TIMEOUT_SECONDS": 0.05,
        }
        self.body: dict[str, Any] = {"question": "two", "sessionId": self.session_id, "turns": 1}
        self.content: bytes | None = None
        self.headers: dict[str, str] = {}
        self.method, self.path = "POST", "/chat"
        self.leave: str | None = None
        self._agent: Services | None = None
        self._transport = httpx2.AsyncHTTPTransport()
        self.app = create_app(self.agent_for)
        self.client = client_of(self.app)

    def agent_for(self, _scope: MutableMapping[str, Any]) -> Services:
        """The agent, built with the first request, as in a Worker."""
        if self._agent is None:
            self._agent = build_services(
                settings=Settings.read(self.settings.get),
                env=Env(self.kv),
                documents=KNOWLEDGE,
                clock=self.clock,
                background=self.background,
                transport=self._transport,
            )
        return self._agent

    def is_misconfigured(self) -> bool:
        """Whether nothing can be asked."""
        try:
            self.agent_for({})
        except ConfigurationError:
            return True
        return False

    async def first_turn(self) -> None:
        """Say `one`, which is stored."""
        body = {"question": "one", "sessionId": self.session_id, "turnId": generate_session_id()}
        response = await self.client.post("/chat", json=body)
        assert response.json()["saved"] is True, response.text
        self.clock.advance(2)

    async def meet(self, *, streamed: bool) -> str:
        """Send the request that meets the fault; what came back, in the words of docs/faults.md."""
        if self.leave:
            await LeavingVisitor(self.app, f"{PREFIX}{self.path}", self.body, self.leave).ask(
                streamed=streamed
            )
            return "nobody reads it"
        headers = {**(STREAM if streamed else {}), "content-type": "application/json", **self.headers}
        content = self.content if self.content is not None else json.dumps(self.body).encode()
        response = await self.client.request(self.method, self.path, content=content, headers=headers)
        shown = response.text + str(response.headers)
        assert not [
            secret for secret in (*SECRETS, self.session_id[:20]) if secret in _without_echo(shown, self)
        ]
        return _seen(response)

    async def conversation(self) -> str:
        """What is stored once all work in the background is done, in the words of docs/faults.md."""
        await asyncio.wait_for(self.background.drain(), 20)
        if self.kv is None:
            return "none"
        self.kv_faults.staleness, self.kv_faults.corruption, self.kv_faults.refused_puts = 0, None, 0
        self.kv_faults.hanging.clear()
        storage = KVSessionStorage(self.kv, Settings(), self.clock)
        if await storage.is_closed(self.session_id):
            return "closed"
        said = [
            m.content for m in await storage.get_conversation_history(self.session_id) if m.role == "user"
        ]
        known = {
            (): "none",
            ("one",): "as it was",
            ("one", "two"): "with this turn",
            ("two",): "only this turn",
        }
        return known[tuple(said)]

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.aclose()
        await self.client.aclose()


def _without_echo(text: str, bench: FaultBench) -> str:
    """`text` without the session's own id in an answer, which belongs there."""
    return text.replace(f'"sessionId":"{bench.session_id}"', "")


def _seen(response: httpx2.Response) -> str:
    if response.status_code >= 400:
        after = response.headers.get("retry-after")
        waits = f", Retry-After: {after}" if after else ""
        return f"{response.status_code} {response.json()['code']}{waits}"
    if not response.content:
        return str(response.status_code)
    if not response.headers["content-type"].startswith("text/event-stream"):
        return _flags(response.json())
    name, data = sse(response.text)[-1]
    body = json.loads(data)
    return _flags(body) if name == "done" else f"200, then error {body['code']}"


def _flags(body: dict[str, Any]) -> str:
    seen = ["200"]
    if body["saved"] is False:
        seen.append("saved: false")
    if body["context"] != "complete":
        seen.append(f"context: {body['context']}")
    if body["repeated"]:
        seen.append("repeated: true")
    return ", ".join(seen)
