"""The header with an identity token: `Authorization: Bearer …`, whose value Cloudflare's logs mask."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from accounts.accounts import Accounts
from accounts.errors import AccountsUnavailable
from accounts.visitor import Visitor
from api.route import CurrentServices  # noqa: TC001 - FastAPI resolves annotations at run time

if TYPE_CHECKING:
    from services import Services

AUTHORIZATION = "Authorization"
IDENTITY_TOKEN = HTTPBearer(
    scheme_name="identityToken",
    bearerFormat="JWT",
    description="A token with which the website says who the visitor is (docs/accounts.md).",
    auto_error=False,
)
# For routes that a token changes, but which need none.
TAKES_IDENTITY: dict[str, Any] = {"security": [{}, {"identityToken": []}]}

logger = logging.getLogger("voice_agent.identity")


async def find_visitor(request: Request, services: Services) -> Visitor | None:
    """The visitor whom the request's identity token names; None without one, and without accounts.

    Raises what `Accounts.find` raises.
    """
    authorization = request.headers.get(AUTHORIZATION, "")
    if services.accounts is None:
        if authorization.lower().startswith("bearer "):
            logger.warning("Ignored an identity token, because IDENTITY_SECRET is not set")
        return None
    return await services.accounts.find(authorization)


async def find_owner(request: Request, services: Services) -> str | None:
    """The key of the visitor whom `find_visitor` finds."""
    visitor = await find_visitor(request, services)
    return visitor.owner if visitor else None


async def current_accounts(services: CurrentServices) -> Accounts:
    """The deployment's accounts; raises `AccountsUnavailable`."""
    if services.accounts is None:
        raise AccountsUnavailable
    return services.accounts


class RequiredVisitor:
    """A dependency: the visitor whom the request is about, who has to be known. Limits calls by client."""

    def __init__(self, kind: str) -> None:
        """Calls of each `kind` are counted apart."""
        self._kind = kind

    async def __call__(
        self, request: Request, services: CurrentServices, accounts: CurrentAccounts
    ) -> Visitor:
        """Raises `AccountsUnavailable`, `RateLimited`, `IdentityRequired` and what `Accounts.find` raises."""
        await services.rate_limiter.limit(request.scope, kind=self._kind)
        return await accounts.require(request.headers.get(AUTHORIZATION, ""))


CurrentAccounts = Annotated[Accounts, Depends(current_accounts)]
ReadingVisitor = Annotated[Visitor, Depends(RequiredVisitor("history:"))]
DeletingVisitor = Annotated[Visitor, Depends(RequiredVisitor("delete:"))]
