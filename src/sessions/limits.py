"""How much of a session is kept, and after how long the claims on one expire."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from settings import Settings

# A visitor is waiting meanwhile: the store is read again after 0.3 s, and once more after 0.7 s.
REREAD_SECONDS = (0.3, 0.4)
# The longest pause before a failed request to the model is retried.
RETRY_PAUSE_SECONDS = 8
# What the rest of a turn may take, on a busy machine too.
MARGIN_SECONDS = 2
# A lease that is too short costs a second answer; one that is too long, a wait after the platform has stopped
# a request.
MIN_TURN_SECONDS = 180
MIN_SESSION_SECONDS = 900


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """`max_messages` is how many messages are kept; the rest is how long claims last.

    A request that the platform cancels does not clean up after itself, so every claim expires: `turn_lease`
    is longer than any turn, `write_lease` than a read and a write, and `session_lease` than a turn or the
    retries of a write.
    """

    max_messages: int
    turn_lease: timedelta
    write_lease: timedelta
    session_lease: timedelta

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The limits that fit the timeouts and retries in `settings`."""
        storage = settings.storage_timeout_seconds
        reads = (1 + len(REREAD_SECONDS)) * storage + sum(REREAD_SECONDS)
        write = 2 * storage + MARGIN_SECONDS
        attempts = (1 + settings.openai_max_retries) * (settings.openai_timeout_seconds + RETRY_PAUSE_SECONDS)
        answer = max(settings.answer_timeout_seconds, attempts)
        turn = max(MIN_TURN_SECONDS, reads + answer + write)
        return cls(
            max_messages=settings.max_messages,
            turn_lease=timedelta(seconds=turn),
            write_lease=timedelta(seconds=write),
            session_lease=timedelta(seconds=max(MIN_SESSION_SECONDS, 2 * turn)),
        )
