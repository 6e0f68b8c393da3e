"""The HTTP API: validate, ask the conversation, answer. Everything is under /api/voice-agent."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, FastAPI, Header, Request, Response
from fastapi.responses import StreamingResponse

from api.current_agent import AgentProvider, CurrentAgent  # noqa: TC001 - FastAPI reads it at run time
from api.errors import ERRORS, install_error_handlers
from api.event_stream import EVENT_STREAM, events, wants_events
from api.export import as_markdown, as_text
from api.json_body import JsonRoute
from api.middleware import PREFIX, ApiHeaders, Configured
from api.rate_limit import client_key, limit_calls, session_key
from api.schemas import ChatRequest, ChatResponse, Config, Health, NewSession, SessionBody, SessionId, Speech
from api.speech import router as speech_router
from conversation import Turn
from errors import InvalidRequest, SessionNotFound
from prompt import clean_question
from server_timing import Stopwatch
from session_id import generate_session_id
from settings import VERSION

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from models import VoiceSession
    from services import Agent

router = APIRouter(prefix=PREFIX, route_class=JsonRoute)


def create_app(agent_for: AgentProvider) -> ASGIApp:
    """The API as an ASGI application.

    `agent_for` gives the agent for a request, from its ASGI scope: the Worker knows its bindings only
    then. It may raise `ConfigurationError`, which every call then answers with.
    """
    api = FastAPI(
        title="voice-agent",
        version=VERSION,
        description="Ask a website's voice agent, with memory.",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        # As its own: an included router is looked through twice with every request.
        routes=[*router.routes, *speech_router.routes],
        # It looks for exporters with every request.
        telemetry={"auto_configure": False, "tracing": False, "metrics": False, "logs": False},
    )
    api.state.agent_for = agent_for
    install_error_handlers(api)
    return ApiHeaders(Configured(api, agent_for))


SessionHeader = Annotated[SessionId, Header(alias="X-Session-ID")]


@router.post("/chat", response_model=ChatResponse, responses=ERRORS["chat"])
async def chat(body: ChatRequest, request: Request, agent: CurrentAgent) -> Response:
    """Answer a question: as JSON, or piece by piece with `Accept: text/event-stream`.

    The events are `delta` {"text"}, then `done` with the JSON answer, or `error`. What fails before the
    first piece is answered with its HTTP status in both cases.
    """
    question = _question(body.question, agent.settings.max_question_chars)
    streamed = wants_events(request.headers.get("accept", ""))
    await _limit(agent, request, session_key(body.session_id))
    watch = Stopwatch(agent.clock)
    items = agent.conversation.ask(
        body.session_id, question, streamed=streamed, turn_id=body.turn_id, turns=body.turns, watch=watch
    )
    first = await anext(items)
    if isinstance(first, Turn):
        await items.aclose()
        return _json(ChatResponse.of(first), watch.header())
    return StreamingResponse(events(first, items), media_type=EVENT_STREAM, headers=watch.header())


@router.post("/session", status_code=201, response_model=NewSession, responses=ERRORS["create"])
async def new_session(request: Request, agent: CurrentAgent) -> NewSession:
    """Make an ID. Nothing is stored until the first question: KV takes one write a second to a key."""
    await _limit(agent, request)
    now = agent.clock.now()
    lifetime = timedelta(seconds=agent.settings.session_ttl_seconds)
    return NewSession(session_id=generate_session_id(), expires_at=now + lifetime)


@router.get("/session", response_model=SessionBody, responses=ERRORS["session"])
async def get_session(session_id: SessionHeader, request: Request, agent: CurrentAgent) -> SessionBody:
    """Give the conversation."""
    return SessionBody.of(await _session(agent, request, session_id))


@router.delete("/session", status_code=204, response_class=Response, responses=ERRORS["delete"])
async def delete_session(session_id: SessionHeader, request: Request, agent: CurrentAgent) -> None:
    """Close the conversation: it is forgotten, and its ID is not taken any more."""
    await _limit(agent, request)
    await agent.conversation.keeper.close(session_id)


@router.get("/session/export", response_class=Response, responses=ERRORS["session"])
async def export_session(
    session_id: SessionHeader,
    request: Request,
    agent: CurrentAgent,
    format: Literal["json", "md", "txt"] = "md",  # noqa: A002 - the name in the contract
) -> Response:
    """Download the conversation as JSON, Markdown or plain text."""
    session = await _session(agent, request, session_id)
    name = agent.settings.agent_name
    if format == "json":
        content, media_type = (
            SessionBody.of(session).model_dump_json(by_alias=True, indent=2),
            "application/json",
        )
    elif format == "md":
        content, media_type = as_markdown(session, name), "text/markdown"
    else:
        content, media_type = as_text(session, name), "text/plain"
    filename = f"conversation-{session.created_at:%Y-%m-%d}.{format}"
    return Response(
        content, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{filename}"'}
    )


@router.get("/config", response_model=Config, responses=ERRORS["settings"])
async def config(agent: CurrentAgent) -> Config:
    """Say what the widget may offer."""
    settings = agent.settings
    return Config(
        name=settings.agent_name,
        greeting=settings.greeting,
        suggested_questions=list(settings.suggested_questions),
        language=settings.languages[0],
        languages=list(settings.languages),
        demo=agent.responder.name == "offline",
        speech=_speech(agent),
        auto_close_seconds=settings.auto_close_seconds or None,
        countdown_seconds=settings.countdown_seconds,
        max_question_length=settings.max_question_chars,
        version=VERSION,
    )


@router.head("/health", include_in_schema=False)  # monitors ask so
@router.get("/health", response_model=Health, responses=ERRORS["settings"])
async def health(agent: CurrentAgent) -> Health:
    """Say how this deployment is put together. It reads no binding and asks no model."""
    return Health(
        status="ok",
        storage=agent.storage.name,
        responder=agent.responder.name,
        rate_limit=agent.rate_limiter.name,
        version=VERSION,
    )


def _speech(agent: Agent) -> Speech:
    spoken = agent.speech is not None
    return Speech(input=spoken, output=spoken, voices=list(agent.settings.openai_voices) if spoken else [])


def _question(text: str, most: int) -> str:
    question = clean_question(text)
    if not question:
        raise InvalidRequest("Ask a question", code="question_required")
    if len(question) > most:
        message = (
            f"This question is too long: it has {len(question):,} characters, and {most:,} are possible."
        )
        raise InvalidRequest(message, code="question_too_long")
    return question


async def _limit(agent: Agent, request: Request, *keys: str) -> None:
    await limit_calls(agent.rate_limiter, (client_key(request.scope), *keys))


async def _session(agent: Agent, request: Request, session_id: str) -> VoiceSession:
    await _limit(agent, request, session_key(session_id))
    session = await agent.conversation.keeper.find(session_id)
    if session is None:
        raise SessionNotFound
    return session


def _json(body: ChatResponse, headers: dict[str, str]) -> Response:
    return Response(body.model_dump_json(by_alias=True), media_type="application/json", headers=headers)
