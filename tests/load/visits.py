"""Visitors of a server that has bad days: they ask, ask again, leave and close."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx2

from session_id import generate_session_id
from tests.api import sse
from tests.load.ledger import Ledger, Talk

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

STREAM = {"accept": "text/event-stream"}
MOST_TURNS = 6
TRIES = 3


class Visits:
    """Has conversation after conversation until `is_over`."""

    def __init__(
        self, client: httpx2.AsyncClient, ledger: Ledger, dice: random.Random, is_over: Callable[[], bool]
    ) -> None:
        """Take a client whose base is the API."""
        self._client = client
        self._ledger = ledger
        self._dice = dice
        self._is_over = is_over

    async def run(self, name: str) -> None:
        """One visitor after the other."""
        number = 0
        while not self._is_over():
            number += 1
            await self._talk(f"{name}.{number}")

    async def _talk(self, name: str) -> None:
        talk = Talk(generate_session_id())
        self._ledger.talks.append(talk)
        turns = 0
        for number in range(self._dice.randint(1, MOST_TURNS)):
            turns = await self._turn(talk, f"Question {name}.{number}?", turns)
        if self._dice.random() < 0.4:
            headers = {"x-session-id": talk.session_id}
            response = await self._client.delete("/session", headers=headers)
            talk.closed = response.status_code == httpx2.codes.NO_CONTENT
            self._ledger.counts[f"DELETE {response.status_code}"] += 1
            if not talk.closed:  # it is tried again in the background, and may come true
                self._ledger.talks.remove(talk)

    async def _turn(self, talk: Talk, question: str, turns: int) -> int:
        body = {
            "sessionId": talk.session_id,
            "question": question,
            "turnId": generate_session_id(),
            "turns": turns,
        }
        if self._dice.random() < 0.1:
            await self._leave(talk, body)
            return turns
        for _ in range(self._dice.randint(1, TRIES)):
            answer = await self._ask(body, streamed=self._dice.random() < 0.5)
            if answer is not None:
                talk.answered[question] = answer["response"], answer["saved"]
                talk.refused.discard(question)
                return int(answer["turn"])
            talk.refused.add(question)
        return turns

    async def _leave(self, talk: Talk, body: dict[str, Any]) -> None:
        talk.unseen.add(body["question"])
        self._ledger.counts["left in the middle"] += 1
        async with self._client.stream("POST", "/chat", json=body, headers=STREAM) as response:
            async for _ in response.aiter_raw():
                return

    async def _ask(self, body: dict[str, Any], *, streamed: bool) -> dict[str, Any] | None:
        response = await self._client.post("/chat", json=body, headers=STREAM if streamed else {})
        name, data = (
            sse(response.text)[-1] if streamed and response.status_code < 400 else ("", response.text)
        )
        answer: dict[str, Any] = json.loads(data)
        if response.status_code >= 400 or name == "error":
            self._ledger.counts[f"{response.status_code} {answer['code']}"] += 1
            return None
        self._ledger.counts["answered again" if answer["repeated"] else "answered"] += 1
        self._ledger.counts["answered, unsaved"] += not answer["saved"]
        return answer
