"""The headers of a deployment with Turnstile: the browser's token, and the ticket of a checked visitor."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import Request

    from services import Services

TOKEN_HEADER = "X-Turnstile-Token"  # noqa: S105 - a name
TICKET_HEADER = "X-Visitor-Token"


async def check_visitor(
    request: Request, services: Services, session_id: str | None, token: str = ""
) -> dict[str, str]:
    """Check the visitor if the deployment uses Turnstile; `token` comes before the one in the headers.

    Returns the headers of the response: after a new check, the ticket that later requests have to bring.
    """
    headers = request.headers
    ticket = await services.access.check_visitor(
        session_id, token or headers.get(TOKEN_HEADER, ""), headers.get(TICKET_HEADER, "")
    )
    return {TICKET_HEADER: ticket} if ticket else {}
