"""A visitor who sends what the widget sends."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import httpx2

STREAM = {"Accept": "text/event-stream"}


class Visitor:
    """A browser tab with a session of its own; `pause` is awaited before each question."""

    def __init__(self, client: httpx2.AsyncClient, pause: Callable[[], Awaitable[None]]) -> None:
        self.client = client
        self.session_id = str(uuid.uuid4())
        self._pause = pause

    async def ask(self, question: str, **headers: str) -> httpx2.Response:
        """Send a question."""
        await self._pause()
        return await self.client.post(
            "/chat", json={"question": question, "sessionId": self.session_id}, headers=headers
        )

    async def answer(self, question: str) -> dict[str, Any]:
        """Send a question and return the answer, parsed from JSON; its status has to be 200."""
        response = await self.ask(question)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    async def session(self, method: str = "GET", path: str = "/session") -> httpx2.Response:
        """Send a request about the session."""
        return await self.client.request(method, path, headers={"X-Session-Token": self.session_id})
