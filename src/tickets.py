"""Signed tickets: what the server hands a visitor, and recognizes later without having stored it.

Every isolate signs with the same key, which is derived from a secret that the deployment has anyway. A ticket
is valid in one session and until a moment that it names.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from session_id import fingerprint

if TYPE_CHECKING:
    from clock import Clock

# An answer is spoken while it is written, and read aloud again soon afterwards; then it is stored.
ANSWER_LIFETIME = timedelta(minutes=15)
SIGNATURE_BYTES = 16
_PURPOSE = b"voice-agent tickets, version 1"


class AnswerTicket:
    """Signs an answer as it grows: after each piece, a ticket for the whole text so far."""

    def __init__(self, signature: hmac.HMAC, expires: str) -> None:
        self._signature = signature
        self._expires = expires

    def add(self, piece: str) -> str:
        """The ticket for the answer up to and including `piece`."""
        self._signature.update(_bytes(piece))
        return f"{self._expires}.{_encode(self._signature.digest())}"


class Tickets:
    """Issues tickets and checks those that come back."""

    def __init__(self, secret: str, clock: Clock) -> None:
        """`secret` has to be the same in all isolates, and impossible to guess."""
        self._key = hmac.digest(secret.encode(), _PURPOSE, "sha256")
        self._clock = clock

    def for_answer(self, session_id: str) -> AnswerTicket:
        """A ticket for an answer in this session, to which its text is then added."""
        expires = self._expires(ANSWER_LIFETIME)
        return AnswerTicket(self._start("answer", session_id, expires), expires)

    def is_for_answer(self, ticket: str, session_id: str, answer: str) -> bool:
        """Whether `answer` is the beginning of an answer, as signed for this session a short while ago."""
        return self._is_valid("answer", ticket, session_id, _bytes(answer))

    def for_visitor(self, session_id: str, lifetime: timedelta) -> str:
        """A ticket that says that the visitor of this session has been checked."""
        expires = self._expires(lifetime)
        return f"{expires}.{_encode(self._start('visitor', session_id, expires).digest())}"

    def is_for_visitor(self, ticket: str, session_id: str) -> bool:
        """Whether `ticket` proves that for this session, and is still valid."""
        return self._is_valid("visitor", ticket, session_id, b"")

    def _is_valid(self, purpose: str, ticket: str, session_id: str, text: bytes) -> bool:
        expires, _, given = ticket.partition(".")
        if not ticket.isascii() or not expires.isdecimal() or len(expires) > len("9999999999"):
            return False
        if datetime.fromtimestamp(int(expires), UTC) <= self._clock.now():
            return False
        signature = self._start(purpose, session_id, expires)
        signature.update(text)
        return hmac.compare_digest(_encode(signature.digest()), given)

    def _start(self, purpose: str, session_id: str, expires: str) -> hmac.HMAC:
        head = f"{purpose}\n{fingerprint(session_id)}\n{expires}\n"
        return hmac.new(self._key, head.encode(), sha256)

    def _expires(self, lifetime: timedelta) -> str:
        return str(int((self._clock.now() + lifetime).timestamp()))


def _bytes(text: str) -> bytes:
    # JSON can contain unpaired surrogates, which UTF-8 cannot.
    return text.encode("utf-8", "surrogatepass")


def _encode(digest: bytes) -> str:
    return urlsafe_b64encode(digest[:SIGNATURE_BYTES]).decode().rstrip("=")
