"""A local server that speaks OpenAI's protocol, for trying and testing the agent without OpenAI.

It answers from what it was sent, records every request, and misbehaves on demand. `docs/openai-standin.md`
says how to use it; nothing of the agent is imported here.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import socket
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

from starlette.requests import Request

from local.listening import listen
from local.standin.audio import speech, transcription
from local.standin.chat import chat
from local.standin.control import control
from local.standin.faults import Behaviour, Behaviours, Endpoint
from local.standin.protocol import ApiError, json_script, refusal
from local.standin.record import Outcome, RecordedRequest, read_request
from local.standin.script import Pace, Performance, Script
from local.standin.server import StandInServer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence

    from starlette.types import Receive, Scope, Send

STARTUP_SECONDS = 30.0  # far beyond the few milliseconds it takes, so that a failure ends
TRANSCRIPT = "What's your pricing?"
MODELS = ("gpt-6-luna", "gpt-transcribe", "gpt-4o-mini-tts")
_CALLS: Mapping[str, tuple[str, Endpoint]] = {
    "/v1/chat/completions": ("POST", "chat"),
    "/v1/audio/transcriptions": ("POST", "transcriptions"),
    "/v1/audio/speech": ("POST", "speech"),
    "/v1/models": ("GET", "models"),
}


class StandIn:
    """The stand-in as an ASGI app, with what it was sent and what it is to do.

    `transcript` is what it hears in every recording, `now` tells the time in seconds since 1970, `sleep`
    waits, and `log` is given a line for each request that has ended.
    """

    def __init__(
        self,
        *,
        transcript: str = TRANSCRIPT,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        log: Callable[[str], None] = lambda _line: None,
    ) -> None:
        """Begin with an empty record and nothing special to do."""
        self.base_url = self.control_url = ""
        self.behaviours = Behaviours()
        self._transcript, self._now, self._sleep, self._log = transcript, now, sleep, log
        self._requests: list[RecordedRequest] = []
        self._numbers = itertools.count(1)
        self._stopping = asyncio.Event()

    def serve_on(self, origin: str) -> None:
        """Say where the stand-in is reached."""
        self.base_url, self.control_url = f"{origin}/v1", f"{origin}/_standin"

    @property
    def requests(self) -> Sequence[RecordedRequest]:
        """What was sent so far, in order of arrival, as of now."""
        return tuple(self._requests)

    def behave(self, **behaviour: Any) -> None:
        """Do as the fields of `Behaviour` say, with the next request if `times` is not given.

        Raises pydantic's ValidationError for a field that is unknown or wrong.
        """
        self.behaviours.add(Behaviour(**behaviour))

    def reply_with(self, *texts: str, on: Endpoint = "chat") -> None:
        """Answer the next requests to `on` with exactly these texts, one each."""
        for text in texts:
            self.behave(on=on, reply=text)

    def forget_requests(self) -> None:
        """Empty the record."""
        self._requests.clear()

    def reset(self) -> None:
        """Empty the record and behave well again."""
        self.forget_requests()
        self.behaviours.clear()

    def stop(self) -> None:
        """Close every connection that is still being answered; call it in the server's own thread."""
        self._stopping.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        request = Request(scope, receive)
        if request.url.path.startswith("/_standin/"):
            await (await control(self, request))(scope, receive, send)
            return
        recorded = await read_request(request)
        self._requests.append(recorded)
        if not recorded.client_left:
            recorded.end(await self._answer(recorded, request, send))
        self._log(f"{recorded.method} {recorded.path} {recorded.status or '-'} {recorded.outcome}")

    async def _answer(self, recorded: RecordedRequest, request: Request, send: Send) -> Outcome:
        _, endpoint = _CALLS.get(recorded.path, ("", None))
        behaviour = self.behaviours.take(endpoint)
        try:
            script = refusal(behaviour) or self._script(recorded, behaviour)
        except ApiError as error:
            script = error.script()
        recorded.status = None if behaviour.cut_before_headers else script.status
        play = Performance(script, behaviour, send, Pace(self._sleep))
        return await self._perform(play, request)

    def _script(self, recorded: RecordedRequest, behaviour: Behaviour) -> Script:
        """The answer of a stand-in that behaves, but for what `behaviour` says about its content."""
        method, endpoint = _CALLS.get(recorded.path, ("", None))
        if endpoint is None:
            raise ApiError(404, f"Invalid URL ({recorded.method} {recorded.path})", code="unknown_url")
        if recorded.method != method:
            raise ApiError(405, f"Not allowed to {recorded.method} on {recorded.path}.")
        if not recorded.headers.get("authorization", "").startswith("Bearer "):
            raise ApiError(401, "You didn't provide an API key in an Authorization header (Bearer YOUR_KEY).")
        created = int(self._now())
        if endpoint == "chat":
            for field in behaviour.unknown_fields:
                if isinstance(recorded.body, dict) and field in recorded.body:
                    raise ApiError(
                        400, f"Unrecognized request argument supplied: {field}", code="unknown_field"
                    )
            return chat(recorded.body, behaviour, number=next(self._numbers), created=created)
        if endpoint == "transcriptions":
            return transcription(recorded.form or {}, behaviour, self._transcript)
        return speech(recorded.body) if endpoint == "speech" else _models(created)

    async def _perform(self, play: Performance, request: Request) -> Outcome:
        """Play until the end, the client has left or the stand-in stops, whichever comes first."""
        playing = asyncio.create_task(play.run())
        leaving = asyncio.create_task(_left(request))
        stopping = asyncio.create_task(self._stopping.wait())
        tasks = (playing, leaving, stopping)
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            outcome: Outcome = playing.result() if playing.done() else "client_left"
            if not playing.done() and not leaving.done():
                outcome = "stopped"
            if outcome in {"cut", "stopped"}:
                request.scope["state"]["hang_up"]()
                await leaving
            return outcome
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _models(created: int) -> Script:
    models = [{"id": m, "object": "model", "created": created, "owned_by": "openai-standin"} for m in MODELS]
    return json_script({"object": "list", "data": models})


@contextlib.contextmanager
def running_standin(standin: StandIn | None = None) -> Iterator[StandIn]:
    """Run a stand-in on a free port of 127.0.0.1 in a thread of its own until the block ends.

    Its `base_url` is what `OPENAI_BASE_URL` takes, its `control_url` what the control calls begin with.
    Connections that are still open at the end are closed.
    """
    standin = standin or StandIn()
    listener = listen()
    standin.serve_on(f"http://127.0.0.1:{listener.getsockname()[1]}")
    ready = threading.Event()
    server = StandInServer(standin, ready.set, standin.stop)
    thread = threading.Thread(target=server.run, args=([listener],), name="openai-standin", daemon=True)
    thread.start()
    if not ready.wait(STARTUP_SECONDS):
        message = f"The stand-in did not start within {STARTUP_SECONDS} s."
        raise RuntimeError(message)
    try:
        yield standin
    finally:
        server.should_exit = True
        thread.join()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def run(
    host: str = "127.0.0.1",
    port: int = 8788,
    *,
    behaviour: Behaviour | None = None,
    transcript: str = TRANSCRIPT,
    echo: Callable[[str], None] = _say,
) -> None:
    """Run a stand-in until it is interrupted; `echo` is told where it is and then of each request.

    `behaviour` holds for as long as its `times` say. Raises OSError where the port cannot be had.
    """
    standin = StandIn(transcript=transcript, log=echo)
    if behaviour:
        standin.behaviours.add(behaviour)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = listen(host, port, family)
    shown = "localhost" if host in {"127.0.0.1", "0.0.0.0", "::", "::1"} else host  # noqa: S104 - compared only
    standin.serve_on(f"http://{shown}:{listener.getsockname()[1]}")

    def ready() -> None:
        echo(f"Stand-in OpenAI on {standin.base_url}")
        echo(f"Point the agent at it: OPENAI_BASE_URL={standin.base_url} OPENAI_API_KEY=stand-in")

    with contextlib.suppress(KeyboardInterrupt):
        StandInServer(standin, ready, standin.stop).run([listener])
