"""Who a visitor is, as the website says: short-lived tokens that it signs on its server (JWT, HS256)."""

from __future__ import annotations

import hmac
import logging
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import jwt

from accounts.errors import IdentityExpired, IdentityInvalid
from accounts.visitor import Visitor
from visible_text import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clock import Clock

ALGORITHM = "HS256"
MAX_LIFETIME = timedelta(hours=24)
# How far the website's clock may be from ours. It applies to `exp`, `iat` and `nbf`.
LEEWAY = timedelta(seconds=60)
# As for the `sub` of an ID token (OpenID Connect Core 1.0, section 2).
MAX_SUBJECT_CHARS = 255
MAX_NAME_CHARS = 80
# The header is parsed before the signature is checked, so it must not be deeply nested. HS256 signatures have
# 43 characters.
_TOKEN = re.compile(r"[A-Za-z0-9_-]{2,256}\.[A-Za-z0-9_-]{2,3800}\.[A-Za-z0-9_-]{43}")
# Later times than this, in the year 5138, are in milliseconds.
_MAX_TIME = 10**11
# PyJWT would read the machine's clock; `Identity` is given one.
_OPTIONS: Any = {
    "require": ["sub", "exp", "iat", "aud"],
    **dict.fromkeys(("verify_exp", "verify_iat", "verify_nbf", "verify_aud", "verify_sub"), False),
}
_PURPOSE = b"voice-agent owners, version 1"

logger = logging.getLogger("voice_agent.identity")


class Identity:
    """Checks identity tokens. Each reason for refusing one is logged for the owner, never the token."""

    def __init__(self, secrets: Sequence[str], audience: str, clock: Clock) -> None:
        """`secrets` may all sign tokens; visitors are known by a hash that is keyed with the first."""
        self._secrets = [secret.encode() for secret in secrets]
        self._owner_keys = [hmac.digest(secret, _PURPOSE, "sha256") for secret in self._secrets]
        self._audience = audience
        self._clock = clock

    def visitor(self, token: str) -> Visitor:
        """The visitor whom `token` names; raises `IdentityExpired` and `IdentityInvalid`."""
        if not _TOKEN.fullmatch(token):
            raise _refused("it is not a JWT with an HS256 signature")
        claims = self._verified(token)
        self._check_times(claims)
        self._check_audience(claims["aud"])
        owner, *former = (_owner(key, _subject(claims["sub"])) for key in self._owner_keys)
        return Visitor(owner, _name(claims.get("name")), tuple(former))

    def _verified(self, token: str) -> dict[str, Any]:
        """The claims, once the signature is checked and none that is required is missing."""
        for secret in self._secrets:
            try:
                return jwt.decode(token, secret, algorithms=[ALGORITHM], options=_OPTIONS)
            except jwt.InvalidSignatureError:
                continue
            except jwt.InvalidTokenError as error:
                raise _refused(_problem(error)) from error
        raise _refused("it is not signed with IDENTITY_SECRET")

    def _check_times(self, claims: dict[str, Any]) -> None:
        now = self._clock.now().timestamp()
        leeway = LEEWAY.total_seconds()
        expires = _time(claims, "exp")
        if expires > now + MAX_LIFETIME.total_seconds() + leeway:
            raise _refused("its exp is more than 24 hours ahead")
        if _time(claims, "iat") > now + leeway:
            raise _refused("its iat is in the future: the clock of one of the two servers is wrong")
        if "nbf" in claims and _time(claims, "nbf") > now + leeway:
            raise _refused("its nbf is in the future")
        if expires <= now - leeway:
            raise IdentityExpired

    def _check_audience(self, audience: object) -> None:
        """A website may sign one token for several services (RFC 7519, section 4.1.3)."""
        listed = audience if isinstance(audience, list) else [audience]
        if self._audience not in listed:
            raise _refused(f"its aud is not {self._audience}, which is the setting IDENTITY_AUDIENCE")


def _owner(key: bytes, subject: str) -> str:
    # JSON can contain unpaired surrogates, which UTF-8 cannot.
    return hmac.digest(key, subject.encode("utf-8", "surrogatepass"), "sha256").hex()


def _subject(subject: object) -> str:
    if not isinstance(subject, str) or not 0 < len(subject) <= MAX_SUBJECT_CHARS or not subject.strip():
        raise _refused(f"its sub is not a string of 1 to {MAX_SUBJECT_CHARS} characters")
    return subject


def _name(name: object) -> str:
    if name is None:
        return ""
    if not isinstance(name, str):
        raise _refused("its name is not a string")
    return " ".join(visible(name).split())[:MAX_NAME_CHARS].rstrip()


def _time(claims: dict[str, Any], name: str) -> float:
    """A time in seconds since 1970, whole or not (RFC 7519, section 2: NumericDate)."""
    value = claims[name]
    # Not true for NaN, either, which Python reads in JSON.
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < _MAX_TIME:
        raise _refused(f"its {name} is not a number of seconds (not milliseconds) since 1970")
    return value


def _problem(error: jwt.InvalidTokenError) -> str:
    """What is wrong, in our own words: PyJWT's may quote a header that anybody can have written."""
    if isinstance(error, jwt.InvalidAlgorithmError):
        return f"its alg is not {ALGORITHM}"
    if isinstance(error, jwt.MissingRequiredClaimError):
        return f"it has no {error.claim}"
    return "it cannot be decoded"


def _refused(problem: str) -> IdentityInvalid:
    logger.warning("Refused an identity token: %s", problem)
    return IdentityInvalid()
