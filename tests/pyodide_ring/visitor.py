"""A visitor of the Worker on the bench."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

import httpx2

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from local.pyodide.worker import PyodideWorker

API = "/api/voice-agent"
# The Worker's own time-outs are shorter.
SECONDS = 30


class Visitor:
    """A browser with one conversation; `request` is the bench's number of its last stream."""

    def __init__(self, bench: PyodideWorker) -> None:
        """Make a session id, as the widget does."""
        self.bench = bench
        self.session_id = str(uuid4())
        self.request = 0
        self.client = httpx2.Client(base_url=f"{bench.base_url}{API}", timeout=SECONDS, trust_env=False)

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the connections."""
        self.client.close()

    @property
    def key(self) -> str:
        """The key of the conversation in KV."""
        return f"session:{self.session_id}"

    def ask(self, question: str) -> httpx2.Response:
        """Ask for a JSON answer."""
        return self.client.post("/chat", json=self._body(question))

    def ask_for_stream(self, question: str) -> list[tuple[str, dict[str, Any]]]:
        """Ask for a stream and read it to its end: the events with their data."""
        with self.streaming(question) as events:
            return list(events)

    @contextmanager
    def streaming(self, question: str) -> Iterator[Iterator[tuple[str, dict[str, Any]]]]:
        """Ask for a stream and read what one likes of it; leaving the block closes the connection."""
        headers = {"Accept": "text/event-stream"}
        with self.client.stream("POST", "/chat", json=self._body(question), headers=headers) as response:
            response.raise_for_status()
            self.request = request_number(response)
            yield _events(response.iter_lines())

    def stored(self) -> dict[str, Any]:
        """The conversation's value in KV."""
        return dict(json.loads(self.bench.control.get(self.key) or "null") or {})

    def seconds_until_forgotten(self) -> float:
        """How long KV keeps the conversation, by the expiration that it shows."""
        [expiration] = [
            key["expiration"] for key in self.bench.control.stored_keys() if key["name"] == self.key
        ]
        return float(expiration) - time.time()

    def _body(self, question: str) -> dict[str, str]:
        return {"question": question, "sessionId": self.session_id}


def request_number(response: httpx2.Response) -> int:
    """The bench's number of the request that was answered with `response`."""
    return int(response.headers["x-bench-request"])


def _events(lines: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    name = ""
    for line in lines:
        field, _, value = line.partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            yield name, json.loads(value)
