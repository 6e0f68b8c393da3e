"""A visitor of a Worker in Pyodide."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

import httpx2

from session_id import fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from local.pyodide.worker import PyodideWorker

API = "/api/voice-agent"
# Longer than the Worker's own timeouts.
SECONDS = 30


class Visitor:
    """A browser with one conversation; `request` is the number of its last streamed request."""

    def __init__(self, worker: PyodideWorker) -> None:
        self.worker = worker
        self.session_id = str(uuid4())
        self.request = 0
        self.client = httpx2.Client(base_url=f"{worker.base_url}{API}", timeout=SECONDS, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    @property
    def key(self) -> str:
        """The conversation's key in KV."""
        return f"session:{fingerprint(self.session_id)}"

    def ask(self, question: str) -> httpx2.Response:
        """Ask for an answer as JSON."""
        return self.client.post("/chat", json=self._body(question))

    def ask_for_stream(self, question: str) -> list[tuple[str, dict[str, Any]]]:
        """Ask for a stream and return all its events: name and data."""
        with self.streaming(question) as events:
            return list(events)

    @contextmanager
    def streaming(
        self, question: str, *, speech: bool = False
    ) -> Iterator[Iterator[tuple[str, dict[str, Any]]]]:
        """Ask for a stream and yield its events; leaving the block closes the connection."""
        headers = {"Accept": "text/event-stream"}
        body = {**self._body(question), "speech": speech}
        with self.client.stream("POST", "/chat", json=body, headers=headers) as response:
            response.raise_for_status()
            self.request = request_number(response)
            yield _events(response.iter_lines())

    def stored(self) -> dict[str, Any]:
        """Return the conversation's value in KV, or an empty dict."""
        return dict(json.loads(self.worker.control.get(self.key) or "null") or {})

    def seconds_until_expiration(self) -> float:
        """Return how long KV will keep the conversation, from the key's expiration."""
        [expiration] = [
            key["expiration"] for key in self.worker.control.stored_keys() if key["name"] == self.key
        ]
        return float(expiration) - time.time()

    def _body(self, question: str) -> dict[str, str]:
        return {"question": question, "sessionId": self.session_id}


def request_number(response: httpx2.Response) -> int:
    """Return the number of the request that got this response."""
    return int(response.headers["x-request-number"])


def _events(lines: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    name = ""
    for line in lines:
        field, _, value = line.partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            yield name, json.loads(value)
