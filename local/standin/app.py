"""The stand-in: an ASGI application that answers like OpenAI, records requests and misbehaves on demand."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.requests import Request

from local.standin.behaviour import Behaviour, Behaviours, Endpoint
from local.standin.chat import completion
from local.standin.chat_request import ChatRequest
from local.standin.control import PREFIX, Control
from local.standin.delivery import Delivery, Pace
from local.standin.errors import ApiError
from local.standin.offline_answers import OfflineAnswers
from local.standin.planned_response import PlannedResponse, json_response
from local.standin.record import Outcome, Record, RecordedRequest, read_request
from local.standin.refusal import refusal_on_demand, refuse
from local.standin.speech import speech
from local.standin.transcription import transcription
from local.standin.workers_ai import (
    MODEL_HEADER,
    PATH,
    Run,
    refused,
    run_chat,
    run_speech,
    run_transcription,
    task_of,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Mapping, Sequence

    from starlette.types import Message, Receive, Scope, Send

TRANSCRIPT = "What's your pricing?"
MODELS = ("gpt-6-luna", "gpt-transcribe", "gpt-4o-mini-tts")
ENDPOINTS: Mapping[str, Endpoint] = {
    "/v1/chat/completions": "chat",
    "/v1/audio/transcriptions": "transcriptions",
    "/v1/audio/speech": "speech",
    "/v1/models": "models",
}


Respond = Callable[..., PlannedResponse]


class StandIn:
    """The application, with its record and its behaviours.

    `transcript` is what it hears in every recording. With `needs_key`, it refuses requests without a key.
    `now` returns seconds since 1970, `sleep` waits for seconds, and `log` is called with a line for each
    request that has ended.
    """

    def __init__(
        self,
        *,
        transcript: str = TRANSCRIPT,
        needs_key: bool = True,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        log: Callable[[str], None] = lambda _line: None,
    ) -> None:
        self.base_url = self.control_url = ""
        self.behaviours = Behaviours()
        self._record = Record()
        self._control = Control(self.behaviours, self._record)
        self._answers = OfflineAnswers()
        self._transcript, self._now, self._sleep, self._log = transcript, now, sleep, log
        self._needs_key = needs_key
        self._numbers = itertools.count(1)
        self._stopping = asyncio.Event()

    def serve_on(self, origin: str) -> None:
        """Set `base_url` and `control_url`, given where the stand-in is served."""
        self.base_url, self.control_url = f"{origin}/v1", f"{origin}{PREFIX}"

    @property
    def requests(self) -> Sequence[RecordedRequest]:
        """The requests received so far, in order of arrival; a snapshot."""
        return self._record.requests

    def behave(self, **behaviour: Any) -> None:
        """Apply a `Behaviour` with these fields: to the next request, unless `times` says otherwise.

        Raises pydantic's `ValidationError` for an unknown field or an invalid value.
        """
        self.behaviours.add(Behaviour(**behaviour))

    def reply_with(self, *texts: str, on: Endpoint = "chat") -> None:
        """Answer the next requests to `on` with exactly these texts, one each."""
        for text in texts:
            self.behave(on=on, reply=text)

    def reset(self) -> None:
        """Clear the record and the behaviours."""
        self._record.clear()
        self.behaviours.clear()

    def stop(self) -> None:
        """Close every connection that is still being served. Call it in the server's thread."""
        self._stopping.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        request = Request(scope, receive)
        if request.url.path.startswith(f"{PREFIX}/"):
            response = await self._control.respond(request)
            await response(scope, receive, send)
            return
        recorded = await read_request(request)
        self._record.add(recorded)
        if not recorded.client_left:
            recorded.end(await self._serve(recorded, request, send))
        self._log(f"{recorded.method} {quote(recorded.path)} {recorded.status or '-'} {recorded.outcome}")

    async def _serve(self, recorded: RecordedRequest, request: Request, send: Send) -> Outcome:
        is_run, model = recorded.path == PATH, recorded.headers.get(MODEL_HEADER, "")
        endpoint = task_of(model) if is_run else ENDPOINTS.get(recorded.path)
        behaviour = self.behaviours.take(endpoint)
        try:
            response = refusal_on_demand(behaviour) or await self._respond(recorded, endpoint, behaviour)
        except ApiError as error:
            response = refuse(error)
        if is_run:
            response = refused(response, behaviour.error_code)
        recorded.status = None if behaviour.cut_before_headers else response.status
        delivery = Delivery(response, behaviour, _while_connected(request, send), Pace(self._sleep))
        return await self._deliver(delivery, request)

    async def _respond(
        self, recorded: RecordedRequest, endpoint: Endpoint | None, behaviour: Behaviour
    ) -> PlannedResponse:
        if recorded.path == PATH:
            return await self._run(Run.read(recorded), behaviour)
        if endpoint is None:
            raise ApiError(404, f"Invalid URL ({recorded.method} {recorded.path})", code="unknown_url")
        _check_method(recorded, "GET" if endpoint == "models" else "POST")
        if self._needs_key:
            _check_key(recorded)
        match endpoint:
            case "chat":
                return await self._chat(recorded.body, behaviour)
            case "transcriptions":
                return transcription(recorded.form or {}, behaviour, self._transcript)
            case "speech":
                return speech(recorded.body)
            case "models":
                return _models(int(self._now()))

    async def _run(self, run: Run, behaviour: Behaviour) -> PlannedResponse:
        task = task_of(run.model)
        if task == "transcriptions":
            return run_transcription(run.inputs, behaviour, self._transcript)
        if task == "speech":
            return run_speech(run)
        return await self._chat({**run.inputs, "model": run.model}, behaviour, run_chat)

    async def _chat(
        self, body: object, behaviour: Behaviour, respond: Respond = completion
    ) -> PlannedResponse:
        request = ChatRequest.read(body, behaviour.unknown_fields)
        request.check_model(behaviour)
        given = behaviour.reply if behaviour.refusal is None else behaviour.refusal
        answer = await self._answers.answer(request.messages) if given is None else given
        return respond(request, behaviour, answer, number=next(self._numbers), created=int(self._now()))

    async def _deliver(self, delivery: Delivery, request: Request) -> Outcome:
        """Send the response until its end, or until the client leaves or the stand-in stops."""
        sending = asyncio.create_task(delivery.run())
        leaving = asyncio.create_task(_disconnected(request))
        stopping = asyncio.create_task(self._stopping.wait())
        tasks = (sending, leaving, stopping)
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            outcome: Outcome = "client_left" if leaving.done() else "stopped"
            if sending.done():
                outcome = sending.result()
            if outcome in {"cut", "stopped"}:
                request.scope["state"]["hang_up"]()
                await leaving
            return outcome
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def _check_method(recorded: RecordedRequest, method: str) -> None:
    if recorded.method != method:
        raise ApiError(405, f"Not allowed to {recorded.method} on {recorded.path}.")


def _check_key(recorded: RecordedRequest) -> None:
    if not recorded.headers.get("authorization", "").startswith("Bearer "):
        raise ApiError(401, "You didn't provide an API key in an Authorization header (Bearer YOUR_KEY).")


def _models(created: int) -> PlannedResponse:
    models = [{"id": m, "object": "model", "created": created, "owned_by": "openai-standin"} for m in MODELS]
    return json_response({"object": "list", "data": models})


def _while_connected(request: Request, send: Send) -> Send:
    """`send`, which waits to be cancelled once the client has left: asyncio logs each write after that."""
    is_closing: Callable[[], bool] = request.scope["state"]["is_closing"]

    async def send_or_wait(message: Message) -> None:
        if is_closing():
            await asyncio.Event().wait()
        await send(message)

    return send_or_wait


async def _disconnected(request: Request) -> None:
    """Return when the client has closed the connection."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
