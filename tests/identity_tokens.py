"""Identity tokens as a website signs them."""

from __future__ import annotations

from typing import Any

import jwt

from tests.clocks import START

SECRET = "a-secret-of-this-website-only-0123456789"  # noqa: S105 - made up
AUDIENCE = "voice-agent"


def claims(**changes: Any) -> dict[str, Any]:
    """The claims of a valid token, with `changes`; a claim that is None is left out."""
    issued = int(START.timestamp())
    all_claims = {"sub": "visitor-1", "aud": AUDIENCE, "iat": issued, "exp": issued + 3600, **changes}
    return {name: value for name, value in all_claims.items() if value is not None}


def token(secret: str = SECRET, /, **changes: Any) -> str:
    """A token with these claims, signed with `secret`."""
    return jwt.encode(claims(**changes), secret, algorithm="HS256")


def bearer(secret: str = SECRET, /, **changes: Any) -> dict[str, str]:
    """The header that brings such a token."""
    return {"Authorization": f"Bearer {token(secret, **changes)}"}
