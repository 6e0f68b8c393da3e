"""The surroundings of a Worker, in its own thread and without delay: requests, OpenAI and KV."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import js
from pyodide.code import run_js
from pyodide.ffi import to_js
from workers import WorkerEntrypoint, python_from_rpc, python_to_rpc

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CHAT = "https://www.example.com/api/voice-agent/chat"
QUESTION = "What about the middle tier?"
ANSWER = (
    "The Growth tier is 49 dollars a month, and it is made for teams of up to ten people. "
    "Would you like to hear what the tier above it adds?"
)
VARS = {
    "ENVIRONMENT": "development",  # anywhere else, requests without a rate limiting binding are counted
    "OPENAI_API_KEY": "sk-bench",
    "RATE_LIMIT": "off",
    "RECORDING_BUDGET": "off",
    "SPEECH_BUDGET": "off",
    "MAX_SESSION_TOKENS": "0",
}
# The headers of a browser.
HEADERS = {
    "content-type": "application/json",
    "host": "www.example.com",
    "accept-language": "en-GB,en;q=0.9",
    "origin": "https://www.example.com",
    "sec-fetch-site": "same-origin",
    "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:147.0) Gecko/20100101 Firefox/147.0",
}
# A session is full after this many exchanges: each further one drops the oldest.
FULL = 6
JSON, EVENTS = "application/json", "text/event-stream"


class Scene:
    """Calls Workers like the runtime, with a new instance of the class for each request."""

    def __init__(self, **bindings: Any) -> None:
        """Start with these JavaScript `bindings`, or else with a KV that answers at once."""
        self.controls: Any = run_js((Path(__file__).parent / "instant.js").read_text("utf-8"))
        self._env = plain(VARS | bindings) if bindings else self.controls.bindings(plain(VARS))
        self.answer_with(ANSWER.split(" "))

    def answer_with(self, pieces: Sequence[str], *, delay: int = 0, turns: int = 0) -> None:
        """Make the model answer `ANSWER`, or a stream of `pieces`.

        Two pieces are `delay` milliseconds or `turns` iterations of the event loop apart.
        """
        self.controls.answerWith(ANSWER, to_js(list(pieces)), delay, turns)

    def cpu(self) -> float:
        """Return the CPU time of this thread in milliseconds."""
        return float(self.controls.cpu())

    def now(self) -> float:
        """Return the current time in milliseconds, from an arbitrary start."""
        return float(self.controls.now())

    async def fetch(self, worker: type[WorkerEntrypoint], request: Any) -> Any:
        """Return the JavaScript Response of `worker` to a JavaScript Request."""
        instance: Any = worker(self.controls.context, self._env)
        return python_to_rpc(await instance.fetch(python_from_rpc(request)))

    async def exchange(self, worker: type[WorkerEntrypoint], session_id: str, accept: str = JSON) -> str:
        """Ask a question in a session and return the response body; raises `RuntimeError` on an error."""
        body = {"question": QUESTION, "sessionId": session_id}
        response = await self.fetch(worker, post(CHAT, body, accept))
        text = str(await response.text())
        if response.status != 200:
            message = f"{response.status}: {text}"
            raise RuntimeError(message)
        return text

    def sent(self) -> dict[str, Any]:
        """Return the body of the last request to the model."""
        return dict(json.loads(self.controls.sent()))


def post(url: str, body: Mapping[str, Any], accept: str) -> Any:
    """Create a POST request with a JSON body."""
    text = json.dumps(body)
    headers = {**HEADERS, "accept": accept, "content-length": str(len(text))}
    return js.Request.new(url, plain({"method": "POST", "body": text, "headers": headers}))


def plain(value: Mapping[str, Any]) -> Any:
    """Convert `value` to a plain JavaScript object."""
    return to_js(value, dict_converter=js.Object.fromEntries)
