"""Visitors of an unreliable server: they ask, retry, leave and close."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx2

from session_id import generate_session_id
from tests.api import sse
from tests.load.ledger import Ledger, Seen

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

STREAM = {"accept": "text/event-stream"}
MAX_TURNS = 6
MAX_TRIES = 3
SHARE_CLOSING = 0.4
SHARE_LEAVING = 0.1


class Visits:
    """Holds one conversation after another until `is_over`, and records each in the ledger."""

    def __init__(
        self, client: httpx2.AsyncClient, ledger: Ledger, dice: random.Random, is_over: Callable[[], bool]
    ) -> None:
        self._client = client
        self._ledger = ledger
        self._dice = dice
        self._is_over = is_over

    async def run(self, name: str) -> None:
        """Be one visitor after another; `name` makes their questions unique."""
        number = 0
        while not self._is_over():
            number += 1
            await self._converse(f"{name}.{number}")

    async def _converse(self, name: str) -> None:
        seen = Seen(generate_session_id())
        self._ledger.conversations.append(seen)
        turns = 0
        for number in range(self._dice.randint(1, MAX_TURNS)):
            turns = await self._turn(seen, f"Question {name}.{number}?", turns)
        if self._dice.random() < SHARE_CLOSING:
            await self._close(seen)

    async def _close(self, seen: Seen) -> None:
        response = await self._client.delete("/session", headers={"x-session-id": seen.session_id})
        self._ledger.counts[f"DELETE {response.status_code}"] += 1
        seen.closed = response.status_code == httpx2.codes.NO_CONTENT
        if not seen.closed:  # closing is retried in the background: either outcome is right
            self._ledger.conversations.remove(seen)

    async def _turn(self, seen: Seen, question: str, turns: int) -> int:
        body = {
            "sessionId": seen.session_id,
            "question": question,
            "turnId": generate_session_id(),
            "turns": turns,
        }
        if self._dice.random() < SHARE_LEAVING:
            await self._leave(seen, body)
            return turns
        for _ in range(self._dice.randint(1, MAX_TRIES)):
            answer = await self._ask(body, streamed=self._dice.random() < 0.5)
            if answer is not None:
                seen.answered[question] = answer["response"], answer["saved"]
                seen.failed.discard(question)
                return int(answer["turn"])
            seen.failed.add(question)
        return turns

    async def _leave(self, seen: Seen, body: dict[str, Any]) -> None:
        seen.unseen.add(body["question"])
        self._ledger.counts["left in the middle"] += 1
        async with self._client.stream("POST", "/chat", json=body, headers=STREAM) as response:
            async for _ in response.aiter_raw():
                return

    async def _ask(self, body: dict[str, Any], *, streamed: bool) -> dict[str, Any] | None:
        response = await self._client.post("/chat", json=body, headers=STREAM if streamed else {})
        name, data = "", response.text
        if streamed and response.status_code < 400:
            name, data = sse(response.text)[-1]
        answer: dict[str, Any] = json.loads(data)
        if response.status_code >= 400 or name == "error":
            self._ledger.counts[f"{response.status_code} {answer['code']}"] += 1
            return None
        self._ledger.counts["answered again" if answer["repeated"] else "answered"] += 1
        self._ledger.counts["answered, unsaved"] += not answer["saved"]
        return answer
