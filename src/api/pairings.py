"""`/pairings`: 'continue on your phone', for visitors without an account."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic resolves annotations at run time
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from accounts.errors import PairingUnavailable
from accounts.qr import qr_svg
from api.errors import ERRORS
from api.route import PREFIX, ApiRoute, CurrentServices
from api.schemas import SessionBody, SessionId
from api.session_header import RequiredSessionId  # noqa: TC001 - FastAPI resolves annotations at run time
from errors import InvalidRequest, SessionNotFound
from models import CAMEL_CASE
from pasted_values import page_url
from rate_limit import client_key

if TYPE_CHECKING:
    from accounts.pairing import Pairing
    from services import Services

# A QR code of a longer address has so many modules that phones cannot read it from a screen.
MAX_PAGE_CHARS = 500
FRAGMENT = "voice-agent"

router = APIRouter(prefix=PREFIX, route_class=ApiRoute)


class PairingRequest(BaseModel):
    """Where the conversation is to go on. Unknown fields are ignored."""

    page: Annotated[
        str,
        Field(
            description="The address of the page with the widget. Its query and fragment are left out.",
            examples=["https://www.example.com/shop"],
        ),
    ]


class PairingBody(BaseModel):
    """A code for another device, valid for five minutes and once."""

    model_config = CAMEL_CASE

    code: Annotated[str, Field(examples=["K7QM-2F9T"])]
    expires_at: datetime
    qr: Annotated[
        str,
        Field(description="An `<svg>` with a QR code of the page's address, with the code as its fragment."),
    ]


class Redemption(BaseModel):
    """A code, and the session that takes over. Unknown fields are ignored."""

    model_config = CAMEL_CASE

    code: Annotated[
        str,
        Field(
            max_length=100, description="In any letter case, with spaces or hyphens.", examples=["K7QM-2F9T"]
        ),
    ]
    session_id: SessionId


@router.post("/pairings", status_code=201, response_model=PairingBody, responses=ERRORS["pairing"])
async def offer(
    body: PairingRequest, session_id: RequiredSessionId, request: Request, services: CurrentServices
) -> PairingBody:
    """Get a code with which another device takes over this conversation."""
    pairing = _pairing(services)
    page = _page(body.page)
    await services.rate_limiter.limit(request.scope, session_id, kind="pairing:")
    await services.storage.get_session(session_id)  # copies a conversation that is still in KV to D1
    found = await pairing.offer(session_id)
    qr = qr_svg(f"{page}#{FRAGMENT}={found.code}")
    return PairingBody(code=found.code, expires_at=found.expires_at, qr=qr)


@router.post(
    "/pairings/redeem",
    response_model=SessionBody,
    response_model_exclude_none=True,
    responses=ERRORS["pairing"],
)
async def redeem(body: Redemption, request: Request, services: CurrentServices) -> SessionBody:
    """Take over a conversation: from now on this session has it, and the session that had it is closed."""
    pairing = _pairing(services)
    await services.rate_limiter.limit(request.scope, kind="redeem:")
    await pairing.redeem(body.code, body.session_id, client_key(request.scope))
    session = await services.sessions.find(body.session_id)
    if session is None:
        raise SessionNotFound
    return SessionBody.of(session)


def _pairing(services: Services) -> Pairing:
    if services.pairing is None:
        raise PairingUnavailable
    return services.pairing


def _page(address: str) -> str:
    """The address without its query and fragment, in which a page may have anything."""
    try:
        parts = urlsplit(page_url(address))
    except ValueError as problem:
        raise InvalidRequest(f"The address of the page {problem}.", code="invalid_page") from None
    page = parts._replace(query="", fragment="").geturl()
    if len(page) > MAX_PAGE_CHARS:
        message = f"The address of the page must have at most {MAX_PAGE_CHARS} characters."
        raise InvalidRequest(message, code="invalid_page")
    return page
