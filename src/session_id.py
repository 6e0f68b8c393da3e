"""Session ids: made by the server from a CSPRNG, or by the browser; anything else is refused.

Whoever has an id has the conversation, so an id must not be guessable. Two forms are taken:

- what `generate_session_id` makes: 43 characters of base64url, 256 bits;
- what `crypto.randomUUID()` makes: a lower-case version 4 UUID, 122 bits.
"""

from __future__ import annotations

import hashlib
import re
import secrets

from errors import InvalidRequest

# OWASP ASVS 5.0 asks for 128 bits at least (11.5.1); 32 bytes are what `secrets` recommends.
TOKEN_BYTES = 32


_FORMAT = re.compile(
    r"(?P<token>[A-Za-z0-9_-]{43})|(?P<uuid>[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})"
)
# The minimum number of different characters. Random ids contain about 31 (token) or 12 (UUID); fewer than the
# minimum occur by chance less than once in 10^14, but in most ids made up by hand.
_MIN_DISTINCT = {"token": 12, "uuid": 5}


def generate_session_id() -> str:
    """A new id: 43 characters of base64url from the operating system's CSPRNG."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def generate_turn_id() -> str:
    """An id for a turn that came without one: 12 characters. It need be unique within one conversation."""
    return secrets.token_urlsafe(9)


def validate_session_id(value: object) -> str:
    """`value`, if it is an id that this module or `crypto.randomUUID()` can have made.

    Raises `InvalidRequest` with the reason otherwise: `session_id_required` where there is none,
    `invalid_session_id` where there is something else.
    """
    if value is None or value == "":
        raise InvalidRequest("Session ID required", code="session_id_required")
    if not isinstance(value, str):
        raise _invalid("it must be a string")
    if not value.isascii() or not value.isprintable():
        raise _invalid("it holds characters that no session ID has")
    match = _FORMAT.fullmatch(value)
    if match is None:
        raise _invalid("use crypto.randomUUID() or an ID made by POST /api/voice-agent/session")
    if len(set(value) - {"-"}) < _MIN_DISTINCT[str(match.lastgroup)]:
        raise _invalid("it is too easy to guess")
    return value


def validate_turn_id(value: object) -> str:
    """`value`, if it has one of the two forms of ids; raises `InvalidRequest` otherwise."""
    if not isinstance(value, str) or not _FORMAT.fullmatch(value):
        raise InvalidRequest("Invalid turn ID: use crypto.randomUUID().", code="invalid_turn_id")
    return value


def fingerprint(session_id: str) -> str:
    """A hash that stands for the id where the id must not be, such as in logs: 64 hexadecimal digits.

    The same id has the same fingerprint, and nobody comes back from it to the id (ASVS 16.2.5).
    """
    return hashlib.sha256(session_id.encode()).hexdigest()


def short_fingerprint(session_id: str) -> str:
    """The first 12 digits of the fingerprint: enough to tell the sessions of a log apart."""
    return fingerprint(session_id)[:12]


def _invalid(reason: str) -> InvalidRequest:
    return InvalidRequest(f"Invalid session ID: {reason}.", code="invalid_session_id")
