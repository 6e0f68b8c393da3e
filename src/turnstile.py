"""Cloudflare Turnstile: whether a visitor's browser has passed its check."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx2
from anyio import EndOfStream

from errors import ConfigurationError, VisitorCheckUnavailable, VisitorNotVerified
from session_id import fingerprint

if TYPE_CHECKING:
    from pydantic import SecretStr

SITEVERIFY = "https://challenges.cloudflare.com/turnstile/v0/siteverify"
SECONDS = 5.0
RETRY_AFTER = 5
# Cloudflare's documentation of siteverify, 'Accepted parameters' and 'Error codes'.
MAX_TOKEN_CHARS = 2048
WRONG_SECRET = {"missing-input-secret", "invalid-input-secret"}
THEIR_FAULT = {"internal-error"}

logger = logging.getLogger("voice_agent.turnstile")


class Turnstile:
    """Verifies the tokens that Turnstile's widget gives browsers. Each is valid once, for five minutes."""

    def __init__(
        self, secret: SecretStr, transport: httpx2.AsyncBaseTransport | None = None, url: str = SITEVERIFY
    ) -> None:
        self._secret = secret
        self._url = url
        self._client = httpx2.AsyncClient(transport=transport, timeout=SECONDS)

    async def verify(self, token: str, session_id: str) -> None:
        """Return if the token is valid. It can then be verified again in the same session, but in no other.

        Raises `VisitorNotVerified` if it is not valid, `VisitorCheckUnavailable` if Turnstile gives no
        answer, and `ConfigurationError` if it does not know the secret.
        """
        if not 0 < len(token) <= MAX_TOKEN_CHARS or not token.isascii():
            raise VisitorNotVerified
        result = await self._ask(token, session_id)
        if result.get("success") is True:
            return
        codes = result.get("error-codes")
        problems = {code for code in codes if isinstance(code, str)} if isinstance(codes, list) else set()
        if problems & WRONG_SECRET:
            logger.error("Turnstile does not accept TURNSTILE_SECRET")
            raise ConfigurationError("TURNSTILE_SECRET is not the secret of a Turnstile widget.")
        if problems & THEIR_FAULT:
            raise VisitorCheckUnavailable(retry_after=RETRY_AFTER)
        raise VisitorNotVerified

    async def _ask(self, token: str, session_id: str) -> dict[str, Any]:
        form = {
            "secret": self._secret.get_secret_value(),
            "response": token,
            # With the same key, Turnstile repeats its answer instead of refusing the token as used.
            "idempotency_key": str(UUID(fingerprint(f"{session_id} {token}")[:32], version=4)),
        }
        try:  # httpx2 lets some errors of TLS (OSError) and of anyio through as they are
            response = await self._client.post(self._url, data=form)
            result = response.json()
        except (httpx2.HTTPError, OSError, EndOfStream, ValueError) as error:
            logger.warning("Turnstile gave no answer (%s)", type(error).__name__)
            raise VisitorCheckUnavailable(retry_after=RETRY_AFTER) from error
        if not isinstance(result, dict) or not isinstance(result.get("success"), bool):
            logger.warning("Turnstile gave no answer (status %d)", response.status_code)
            raise VisitorCheckUnavailable(retry_after=RETRY_AFTER)
        return result
