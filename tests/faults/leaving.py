"""A visitor who closes the connection before the request is complete, before the answer, or during it."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message


class LeavingVisitor:
    """Calls an ASGI application like a server whose client closes the connection at `stage`.

    The stages: `question`, after half of the body has been sent; `waiting`, before anything has come back;
    `piece`, after the first part of the response body.
    """

    def __init__(self, app: ASGIApp, path: str, body: dict[str, Any], stage: str) -> None:
        self._app = app
        self._path = path
        self._body = json.dumps(body).encode()
        self._stage = stage
        self._left = asyncio.Event()
        self._sent = False

    async def ask(self, *, streamed: bool) -> None:
        """Send the question and leave."""
        headers = [(b"content-type", b"application/json"), (b"host", b"agent.test")]
        if streamed:
            headers.append((b"accept", b"text/event-stream"))
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": self._path,
            "raw_path": self._path.encode(),
            "query_string": b"",
            "root_path": "",
            "headers": headers,
            "client": ("192.0.2.1", 1),
            "server": ("agent.test", 80),
        }
        await self._app(scope, self._receive, self._send)

    async def _receive(self) -> Message:
        if not self._sent:
            self._sent = True
            half = self._stage == "question"
            body = self._body[: len(self._body) // 2] if half else self._body
            if self._stage != "piece":
                self._left.set()
            return {"type": "http.request", "body": body, "more_body": half}
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.body":
            self._left.set()
