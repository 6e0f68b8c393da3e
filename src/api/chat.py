"""`POST /chat`: a question answered as JSON, or as a stream of server-sent events."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request, Response
from fastapi.responses import StreamingResponse
from pydantic_core import to_json

from api.chat_request import ChatRequest  # noqa: TC001 - FastAPI resolves annotations at run time
from api.errors import ERRORS, as_error
from api.middleware import STREAM_HEADERS
from api.route import PREFIX, ApiRoute, CurrentServices
from api.visitor import TAKES_IDENTITY, find_visitor
from api.visitor_check import check_visitor
from clock import Stopwatch
from conversation import Question, clean_text
from errors import InvalidRequest
from models import Answer
from session_id import generate_turn_id

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from channel import AnswerStream
    from tickets import AnswerTicket

EVENT_STREAM = "text/event-stream"
# A parameter in `Accept` that excludes a type (RFC 9110, section 12.4.2).
_UNWANTED = re.compile(r"q=0(\.0*)?")
# JSON has no line breaks, so the data of an event is one line.
_EVENT = b"event: %b\ndata: %b\n\n"
# To event streams and JSON, U+2028, U+2029 and U+0085 are characters like any other, but not to many readers
# of lines.
_OTHER_LINE_BREAKS = re.compile(b"\xe2\x80[\xa8\xa9]|\xc2\x85")

router = APIRouter(prefix=PREFIX, route_class=ApiRoute)


@router.post("/chat", response_model=Answer, responses=ERRORS["chat"], openapi_extra=TAKES_IDENTITY)
async def chat(body: ChatRequest, request: Request, services: CurrentServices) -> Response:
    """Answer a question as JSON, or as a stream of events with `Accept: text/event-stream`.

    The events are any number of `delta` {"text"}, then `done` with the JSON answer, or `error`. If `speech`
    is true, each `delta` also has a "ticket". An error before the first piece has its HTTP status in both
    cases.
    """
    streamed = wants_events(request.headers.get("accept", ""))
    text = _question(body.question, services.settings.max_question_chars)
    # Obeying this error's Retry-After must not use up the rate limit.
    if body.turn_id and services.sessions.peek(body.session_id):
        services.sessions.refuse_if_answering(body.session_id, body.turn_id)
    await services.rate_limiter.limit(request.scope, body.session_id)
    checked: dict[str, str] = {}
    if services.access.turnstile:
        checked = await check_visitor(request, services, body.session_id, body.turnstile_token)
    visitor = await find_visitor(request, services) if services.accounts else None
    stopwatch = Stopwatch(services.clock)
    question = Question(
        session_id=body.session_id,
        text=text,
        turn_id=body.turn_id or generate_turn_id(),
        seen=body.turns,
        last_turn_id=body.last_turn_id,
        visitor=visitor,
        amends=body.amends() if body.replaces or body.interrupted else {},
        on_step=stopwatch.lap,
    )
    if streamed:
        ticket = services.access.ticket_for_answer(body.session_id) if body.speech else None
        stream = await services.conversation.stream(question)
        stopwatch.lap("first")
        headers = {**STREAM_HEADERS, **stopwatch.header("read", "first"), **checked}
        return StreamingResponse(events(stream, ticket), media_type=EVENT_STREAM, headers=headers)
    answer = await services.conversation.answer(question)
    headers = {**stopwatch.header("read", "answer", "write"), **checked}
    return Response(answer.model_dump_json(by_alias=True), media_type="application/json", headers=headers)


def wants_events(accept: str) -> bool:
    """Whether an `Accept` header asks for an event stream; with `q=0` it does not."""
    kinds = (kind.replace(" ", "").lower().split(";") for kind in accept.split(","))
    return any(kind == EVENT_STREAM and not any(map(_UNWANTED.fullmatch, rest)) for kind, *rest in kinds)


async def events(stream: AnswerStream, ticket: AnswerTicket | None = None) -> AsyncIterator[bytes]:
    """`delta` events, then one `done`; or one `error`, which is the last event.

    With a `ticket`, each `delta` has one for the answer so far.
    """
    try:
        async for texts in stream:
            deltas = (
                {"text": text, "ticket": ticket.add(text)} if ticket else {"text": text} for text in texts
            )
            events = b"".join([_EVENT % (b"delta", to_json(delta)) for delta in deltas])
            yield _OTHER_LINE_BREAKS.sub(_escaped, events)
        done = _EVENT % (b"done", stream.answer.model_dump_json(by_alias=True).encode())
        yield _OTHER_LINE_BREAKS.sub(_escaped, done)
    except Exception as error:  # noqa: BLE001 - the status has been sent, so the error goes into the stream
        yield error_event(error)


def event(name: bytes, data: bytes) -> bytes:
    """One event with `data`, which is JSON."""
    return _OTHER_LINE_BREAKS.sub(_escaped, _EVENT % (name, data))


def error_event(error: Exception) -> bytes:
    """The event that ends a stream early because of `error`."""
    shown = as_error(error)
    return event(b"error", to_json({"error": shown.message, "code": shown.code}))


def _escaped(character: re.Match[bytes]) -> bytes:
    return b"\\u%04x" % ord(character[0].decode())


def _question(text: str, max_chars: int) -> str:
    question = clean_text(text)
    if not question:
        raise InvalidRequest("Ask a question", code="question_required")
    if len(question) > max_chars:
        message = f"This question has {len(question):,} characters; the limit is {max_chars:,}."
        raise InvalidRequest(message, code="question_too_long")
    return question
