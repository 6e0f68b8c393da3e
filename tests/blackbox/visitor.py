"""What the widget sends, as the black-box tests send it."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import httpx2

STREAM = {"Accept": "text/event-stream"}


class Visitor:
    """A browser tab with its session."""

    def __init__(self, client: httpx2.AsyncClient, pause: Callable[[], Awaitable[None]]) -> None:
        """Take a client of the API and the pause before each question; the session id is a browser's."""
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
        """Send a question and give the JSON of its answer, which has to be a 200."""
        response = await self.ask(question)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    async def session(self, method: str = "GET", path: str = "/session") -> httpx2.Response:
        """Call for the session."""
        return await self.client.request(method, path, headers={"X-Session-ID": self.session_id})
