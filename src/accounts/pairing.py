"""'Continue on your phone': codes with which another device takes over a conversation, without an account."""

from __future__ import annotations

import hashlib
import math
import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from accounts import pairing_sql as sql
from accounts.errors import PairingCodeUnknown, PairingNotNeeded, SessionInUse
from errors import RateLimited, SessionClosed, SessionNotFound
from rate_limit import MemoryRateLimiter
from session_id import fingerprint
from stores.d1_client import D1Client
from stores.d1_store import closed_for
from stores.d1_turns import milliseconds

if TYPE_CHECKING:
    from datetime import datetime

    from clock import Clock
    from settings import Settings
    from stores.d1 import D1Database

# Without 0, 1, I, L, O and U, which look or sound like others, or spell words.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_CHARS = 8
LIFETIME = timedelta(minutes=5)
# Attempts in five minutes; docs/limits.md says what the odds of guessing are.
MAX_ATTEMPTS_OF_ADDRESS = 10
MAX_ATTEMPTS_OF_SITE = 300
_CODE = re.compile(rf"[{ALPHABET}]{{{CODE_CHARS}}}")
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015]")


@dataclass(frozen=True, slots=True)
class PairingCode:
    """A code to show (`K7QM-2F9T`), and when it expires."""

    code: str
    expires_at: datetime


class Pairing:
    """Hands out codes, each of which can be used once. Only their hashes are stored."""

    def __init__(self, client: D1Client, clock: Clock, closed: timedelta) -> None:
        """`closed` is how long the session that gave its conversation away is refused."""
        self._client = client
        self._clock = clock
        self._closed = closed
        seconds = math.ceil(LIFETIME.total_seconds())
        self._of_address = MemoryRateLimiter(MAX_ATTEMPTS_OF_ADDRESS, seconds, clock)
        self._of_site = MemoryRateLimiter(MAX_ATTEMPTS_OF_SITE, seconds, clock)

    async def offer(self, session_id: str) -> PairingCode:
        """A code for the conversation of this session; an earlier one is no longer valid.

        Raises `SessionNotFound`, `SessionClosed`, and `PairingNotNeeded` if the visitor is known.
        """
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_CHARS))
        now = self._clock.now()
        fields = self._fields(now, code, session_id, until=now + LIFETIME)
        *_, rows = await self._client.batch([sql.FORGET, sql.ADD, sql.STATE], **fields)
        if not rows:
            raise SessionNotFound
        if rows[0]["closed"]:
            raise SessionClosed
        if rows[0]["known"]:
            raise PairingNotNeeded
        return PairingCode(f"{code[:4]}-{code[4:]}", now + LIFETIME)

    async def redeem(self, code: str, session_id: str, client: str) -> None:
        """Give the conversation to `session_id`, and close the session that it belonged to.

        `code` may be in any letter case, with hyphens and spaces; `client` is the key of who sent it. Raises
        `RateLimited`, `PairingCodeUnknown`, and `SessionInUse` if the session has a conversation already.
        """
        await self._count_attempt(client)
        written = _SEPARATORS.sub("", code).upper()
        if not _CODE.fullmatch(written):
            raise PairingCodeUnknown
        now = self._clock.now()
        fields = self._fields(now, written, session_id, until=now + self._closed)
        found = await self._client.query(sql.FIND, **fields)
        if not found:
            raise PairingCodeUnknown
        if found[0]["conversation"] == fields["session"]:
            raise SessionInUse
        statements = [sql.IS_USED, sql.MOVE, sql.CLOSE_FIRST, sql.USE]
        fields["conversation"] = found[0]["conversation"]
        ((before,), *_, used_up) = await self._client.batch(statements, **fields)
        if not used_up:
            raise SessionInUse if before["used"] else PairingCodeUnknown

    async def _count_attempt(self, client: str) -> None:
        for limiter, key in ((self._of_address, client), (self._of_site, "")):
            if seconds := await limiter.check(key):
                raise RateLimited(retry_after=seconds)

    def _fields(self, now: datetime, code: str, session_id: str, *, until: datetime) -> dict[str, Any]:
        return {
            "code": hashlib.sha256(code.encode()).hexdigest(),
            "session": fingerprint(session_id),
            "now": milliseconds(now),
            "until": milliseconds(until),
        }


def get_pairing(settings: Settings, database: D1Database | None, clock: Clock) -> Pairing | None:
    """Pairing, if there is a database; None without."""
    if database is None:
        return None
    client = D1Client(database, settings.storage_timeout_seconds)
    return Pairing(client, clock, closed_for(settings))
