"""One exchange of each kind at start-up, so that everything is built before a visitor's first request.

Many things are built or looked up once, when they are first needed: middleware, schemas, what FastAPI works
out about a route, the interpreter's own specialized code. Start-up runs before the memory snapshot from
which isolates start, so whatever these exchanges leave behind is part of it. They go through the whole
application, but to a model and a store made up here, with default settings: nothing of a deployment, and
nothing random. See docs/decisions/0021-a-warm-first-request.md.
"""

from __future__ import annotations

import json
import logging
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import httpx2

from api.app import create_app
from api.route import PREFIX
from channel import BatchingChannel
from clock import SystemClock
from edge.bridge import eager_task
from edge.startup_loop import StartupLoop
from edge.time_zone import intl_time_zone
from responders.batched_stream import BATCH
from services import build_services
from settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Coroutine, Mapping

    from starlette.types import ASGIApp, Message

HOST = "warm-up.invalid"
# Fixed, because nothing may be random here; no visitor can meet this session.
SESSION_ID = "01234567-89ab-4cde-8f01-23456789abcd"
TURN_IDS = ("01234567-89ab-4cde-8f01-23456789abc1", "01234567-89ab-4cde-8f01-23456789abc2")
# The number is looked for in the whole knowledge, whose numbers are kept from then on.
QUESTION, ANSWER = "Is anybody there?", "Not yet, but 48271 visitors will be."
# For knowledge that is too large to be bundled.
DOCUMENT = {"warm-up.md": "# Nothing\n\nNothing."}
USAGE = {"prompt_tokens": 1, "completion_tokens": 1}


logger = logging.getLogger("voice_agent.worker")


def warm_up(documents: Mapping[str, str]) -> None:
    """Answer a few made-up requests, with `documents` as the knowledge; the answers are discarded.

    A failure is logged: a first request that takes longer is better than a Worker that does not start.
    """
    try:
        StartupLoop().run(_visit(_app(documents)))
    except Exception:
        logger.exception("The warm-up failed")


def _app(documents: Mapping[str, str]) -> ASGIApp:
    services = build_services(
        settings=Settings.read({"OPENAI_API_KEY": "none", "KNOWLEDGE_TOKENS": "1000000"}.get),
        env=SimpleNamespace(VOICE_SESSIONS=_Binding()),
        documents={**documents, **DOCUMENT},
        clock=SystemClock(),
        background=_in_background,
        transport=_Model(),
        time_zones=intl_time_zone,
    )
    return create_app(lambda _scope: services)


def _in_background(work: Coroutine[None, None, None]) -> None:
    eager_task(work)  # the loop runs until nothing is left to do


async def _visit(app: ASGIApp) -> None:
    await _send(app, "GET", "/config")
    for turn_id, accept in zip(TURN_IDS, ("application/json", "text/event-stream"), strict=True):
        body = {"question": QUESTION, "sessionId": SESSION_ID, "turnId": turn_id}
        await _send(app, "POST", "/chat", json.dumps(body).encode(), accept)
    await _send(app, "GET", "/session")


async def _send(app: ASGIApp, method: str, path: str, body: bytes = b"", accept: str = "*/*") -> None:
    """Send a request and read the response; raises `RuntimeError` unless it succeeds."""
    headers = {
        "host": HOST,
        "origin": f"https://{HOST}",
        "accept": accept,
        "content-type": "application/json",
        "content-length": str(len(body)),
        "x-session-id": SESSION_ID,
    }
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": "https",
        "path": f"{PREFIX}{path}",
        "raw_path": f"{PREFIX}{path}".encode(),
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    if sent[0]["status"] >= 400:
        message = f"The warm-up's {method} {path} was answered with {sent[0]['status']}"
        raise RuntimeError(message)


class _Binding:
    """A KV namespace in a dict."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}

    async def get(self, key: str) -> str | None:
        return self._values.get(key)

    async def put(self, key: str, value: str, **options: object) -> None:
        del options
        self._values[key] = value


class _Model(httpx2.AsyncBaseTransport):
    """A model that has one answer, as JSON or as events."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if not json.loads(request.content).get("stream"):
            choice = {"message": {"content": ANSWER}, "finish_reason": "stop"}
            return httpx2.Response(200, json={"model": "none", "choices": [choice], "usage": USAGE})
        events = _Events()
        headers = {"content-type": "text/event-stream"}
        return httpx2.Response(200, headers=headers, stream=events, extensions={BATCH: events.channel.batch})


class _Events(httpx2.AsyncByteStream):
    """The answer in events, as a transport at the edge delivers them."""

    def __init__(self) -> None:
        self.channel = BatchingChannel()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        chunks = [*({"choices": [{"delta": {"content": word}}]} for word in ANSWER.split()), _END]
        for chunk in map(_event, chunks):
            self.channel.put(chunk)
        self.channel.put(b"data: [DONE]\n\n")
        self.channel.close()
        async for batch in self.channel:
            yield b"".join(batch)


_END: dict[str, Any] = {"choices": [{"delta": {}, "finish_reason": "stop"}], "usage": USAGE}


def _event(chunk: dict[str, Any]) -> bytes:
    return b"data: %b\n\n" % json.dumps(chunk).encode()
