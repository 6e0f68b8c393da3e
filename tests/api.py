"""The API in process, with collaborators that the test controls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx2

from api.app import create_app
from api.route import PREFIX
from rate_limit import get_rate_limiter
from services import Services
from session_id import fingerprint
from tests.isolates import Isolate

STREAM = {"accept": "text/event-stream"}


@dataclass
class Api(Isolate):
    """An isolate with its HTTP API, and a client of it."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.services = Services(
            settings=self.settings,
            storage=self.storage,
            responder=self.responder,
            sessions=self.sessions,
            conversation=self.conversation,
            clock=self.clock,
            rate_limiter=get_rate_limiter(None, self.settings, self.clock),
        )
        self.app = create_app(lambda _scope: self.services)
        self.client = client_of(self.app)

    @property
    def key(self) -> str:
        """The conversation's key in KV."""
        return f"session:{fingerprint(self.session_id)}"

    async def chat(self, question: object = "Hello?", **headers: str) -> httpx2.Response:
        """Ask a question in this session, two seconds after the previous request."""
        return await self.post_chat({"question": question}, **headers)

    async def post_chat(self, fields: dict[str, object], **headers: str) -> httpx2.Response:
        """Like `chat`, with `fields` as the body in addition to the session id."""
        self.clock.advance(2)
        return await self.client.post("/chat", json={"sessionId": self.session_id, **fields}, headers=headers)

    async def post_json(self, content: bytes, path: str = "/chat") -> httpx2.Response:
        """Send `content`, which need not be JSON, as application/json."""
        return await self.client.post(path, content=content, headers={"content-type": "application/json"})

    async def session(self, method: str = "GET", path: str = "/session") -> httpx2.Response:
        """Send a request for this session, whose id is in the header."""
        return await self.client.request(method, path, headers={"X-Session-Token": self.session_id})


def client_of(app: Any, address: str = "127.0.0.1") -> httpx2.AsyncClient:
    """A client at `address`, whose paths are relative to the API. Errors of the app become 500 responses."""
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False, client=(address, 50_000))
    return httpx2.AsyncClient(transport=transport, base_url=f"http://agent.test{PREFIX}")


def refusal(response: httpx2.Response) -> tuple[int, str]:
    """The status and code of an error response."""
    assert set(response.json()) == {"error", "code"}
    return response.status_code, response.json()["code"]


def sse(text: str) -> list[tuple[str, str]]:
    """The name and data of each event in an event stream."""
    events = (
        dict(line.split(": ", 1) for line in event.splitlines()) for event in text.split("\n\n") if event
    )
    return [(event["event"], event["data"]) for event in events]
