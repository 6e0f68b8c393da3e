"""The header with a session id.

Whoever has the id has the conversation, and Cloudflare's invocation logs contain request headers. They mask
the values of those whose names contain auth, jwt, key, secret or token, so the id is sent in such a one.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Header

from api.schemas import SessionId  # noqa: TC001 - FastAPI resolves annotations at run time
from session_id import validate_session_id

SESSION_HEADER = "X-Session-Token"
# The header's name until version 0.1.0, which logs do not mask.
OLD_SESSION_HEADER = "X-Session-ID"


async def optional_session_id(
    session_id: Annotated[SessionId | None, Header(alias=SESSION_HEADER)] = None,
    old: Annotated[SessionId | None, Header(alias=OLD_SESSION_HEADER, deprecated=True)] = None,
) -> str | None:
    """The session id in the request's headers, or None; raises `InvalidRequest` if it is malformed."""
    return session_id or old


async def required_session_id(session_id: OptionalSessionId) -> str:
    """The session id in the request's headers; raises `InvalidRequest` if it is missing or malformed."""
    return validate_session_id(session_id)


OptionalSessionId = Annotated[str | None, Depends(optional_session_id)]
RequiredSessionId = Annotated[str, Depends(required_session_id)]
