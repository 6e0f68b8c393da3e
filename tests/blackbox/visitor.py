"""A visitor who sends what the widget sends."""

from __future__ import annotations

import asyncio
import uuid
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import httpx2

STREAM = {"Accept": "text/event-stream"}
# Workers KV may show what was there before for a minute.
STALE_SECONDS = 75


class Visitor:
    """A browser tab with a session of its own; `pause` is awaited before each question."""

    def __init__(self, client: httpx2.AsyncClient, pause: Callable[[], Awaitable[None]]) -> None:
        self.client = client
        self.session_id = str(uuid.uuid4())
        self._pause = pause

    async def ask(self, question: str, turns: int = 0, **headers: str) -> httpx2.Response:
        """Send a question after `turns` earlier ones."""
        await self._pause()
        turn_id = str(uuid.uuid4())
        body = {"question": question, "sessionId": self.session_id, "turnId": turn_id, "turns": turns}
        return await self.client.post("/chat", json=body, headers=headers)

    async def answer(self, question: str, turns: int = 0) -> dict[str, Any]:
        """Send a question and return the answer, parsed from JSON; its status has to be 200."""
        response = await self.ask(question, turns)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    async def session(self, method: str = "GET", path: str = "/session") -> httpx2.Response:
        """Send a request about the session."""
        return await self.client.request(method, path, headers={"X-Session-Token": self.session_id})

    async def stored(self, turn: int) -> dict[str, Any]:
        """The session, once it shows `turn` turns; fails after `STALE_SECONDS`."""
        response = await self._session_when(lambda r: r.status_code == 200 and r.json()["turn"] == turn)
        session: dict[str, Any] = response.json()
        return session

    async def forgotten(self) -> None:
        """Wait until the session is not found; fails after `STALE_SECONDS`."""
        await self._session_when(lambda response: response.status_code == 404)

    async def _session_when(self, is_there: Callable[[httpx2.Response], bool]) -> httpx2.Response:
        for _ in range(STALE_SECONDS):
            if is_there(response := await self.session()):
                return response
            await asyncio.sleep(1)
        raise TimeoutError(f"The session is still {response.status_code} {response.text}")
