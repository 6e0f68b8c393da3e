"""`/session`: make an ID, read, export and close a conversation."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from api.errors import ERRORS
from api.export import as_markdown, as_text
from api.route import PREFIX, ApiRoute, CurrentServices
from api.schemas import NewSession, SessionBody
from api.session_header import RequiredSessionId  # noqa: TC001 - FastAPI resolves annotations at run time
from api.visitor import TAKES_IDENTITY, find_owner
from errors import SessionNotFound
from session_id import generate_session_id

if TYPE_CHECKING:
    from services import Services
    from voice_session import VoiceSession

router = APIRouter(prefix=PREFIX, route_class=ApiRoute)


@router.post("/session", status_code=201, response_model=NewSession, responses=ERRORS["create"])
async def new_session(request: Request, services: CurrentServices) -> NewSession:
    """Create a session ID. Nothing is stored before the first exchange."""
    await services.rate_limiter.limit(request.scope)
    lifetime = timedelta(seconds=services.settings.session_ttl_seconds)
    return NewSession(session_id=generate_session_id(), expires_at=services.clock.now() + lifetime)


@router.get(
    "/session",
    response_model=SessionBody,
    response_model_exclude_none=True,
    responses=ERRORS["session"],
    openapi_extra=TAKES_IDENTITY,
)
async def get_session(
    session_id: RequiredSessionId, request: Request, services: CurrentServices
) -> SessionBody:
    """Return the stored conversation."""
    return SessionBody.of(await _find(session_id, request, services))


@router.delete(
    "/session",
    status_code=204,
    response_class=Response,
    responses=ERRORS["delete"],
    openapi_extra=TAKES_IDENTITY,
)
async def delete_session(session_id: RequiredSessionId, request: Request, services: CurrentServices) -> None:
    """Close the conversation: it is deleted, and questions under its ID are rejected from then on."""
    await services.rate_limiter.limit(request.scope, kind="delete:")
    await services.sessions.close(session_id, await find_owner(request, services))


@router.get(
    "/session/export", response_class=Response, responses=ERRORS["session"], openapi_extra=TAKES_IDENTITY
)
async def export_session(
    session_id: RequiredSessionId,
    request: Request,
    services: CurrentServices,
    file_format: Annotated[Literal["json", "md", "txt"], Query(alias="format")] = "md",
) -> Response:
    """Download the conversation as JSON, Markdown or plain text."""
    session = await _find(session_id, request, services)
    content, media_type = _exported(session, file_format, services.settings.agent_name)
    filename = f"conversation-{session.created_at:%Y-%m-%d}.{file_format}"
    headers = {"Content-Disposition": f'attachment; filename="{filename}"'}
    return Response(content, media_type=media_type, headers=headers)


async def _find(session_id: str, request: Request, services: Services) -> VoiceSession:
    await services.rate_limiter.limit(request.scope, session_id)
    session = await services.sessions.find(session_id, await find_owner(request, services))
    if session is None:
        raise SessionNotFound
    return session


def _exported(session: VoiceSession, file_format: str, agent_name: str) -> tuple[str, str]:
    """The file's content and its media type."""
    if file_format == "json":
        return SessionBody.of(session).model_dump_json(
            by_alias=True, exclude_none=True, indent=2
        ), "application/json"
    if file_format == "md":
        return as_markdown(session, agent_name), "text/markdown"
    return as_text(session, agent_name), "text/plain"
