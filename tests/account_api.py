"""The whole agent on D1, with accounts, as its HTTP API: built as a deployment builds it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from api.app import create_app
from local.background import BackgroundTasks
from services import build_services
from session_id import generate_session_id
from settings import Settings
from tests.api import client_of
from tests.clocks import AutoClock
from tests.d1 import fake_d1
from tests.identity_tokens import SECRET, bearer

if TYPE_CHECKING:
    import httpx2

    from stores.fake_d1 import FakeD1

DOCUMENTS = {"trees.md": "# Trees\n\nWe sell oaks and elms.\n"}


class AccountApi:
    """An isolate of a deployment with D1, and a client at `address`."""

    def __init__(
        self,
        of: AccountApi | None = None,
        address: str = "127.0.0.1",
        env: SimpleNamespace | None = None,
        clock: AutoClock | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
        **settings: Any,
    ) -> None:
        """Another isolate `of` the same deployment has the same database and clock.

        `env` has the bindings, if they are others than the database; `transport` leads to OpenAI.
        """
        self.clock: AutoClock = of.clock if of else clock or AutoClock()
        self.d1: FakeD1 = of.d1 if of else fake_d1(self.clock)
        self.background = BackgroundTasks()
        values = {"IDENTITY_SECRET": SECRET, **settings}
        self.services = build_services(
            settings=Settings.read(values.get),
            env=env or SimpleNamespace(VOICE_DB=self.d1),
            documents=DOCUMENTS,
            clock=self.clock,
            background=self.background,
            transport=transport,
        )
        self.app = create_app(lambda _scope: self.services)
        self.client = client_of(self.app, address)

    async def call(
        self, method: str, path: str, body: object = None, visitor: str | None = "visitor-1", **headers: str
    ) -> httpx2.Response:
        """Send a request of `visitor`; None for one who is not signed in."""
        self.clock.advance(2)
        now = int(self.clock.now().timestamp())
        identity = bearer(sub=visitor, iat=now, exp=now + 3600) if visitor else {}
        return await self.client.request(method, path, json=body, headers={**identity, **headers})

    async def ask(
        self, question: str, session_id: str | None = None, visitor: str | None = "visitor-1"
    ) -> httpx2.Response:
        """Ask a question in a session, a new one if None."""
        body = {"question": question, "sessionId": session_id or generate_session_id()}
        return await self.call("POST", "/chat", body, visitor)
