"""Writing what could not be written at once."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from clock import Clock
    from sessions.live import LiveSession

# KV accepts one write a second to a key, and work after the response may take 30 seconds.
SAVE_RETRY_SECONDS = (1.1, 2.0, 4.0, 8.0)

logger = logging.getLogger("voice_agent.sessions")


async def write_later(
    live: LiveSession, clock: Clock, write: Callable[[LiveSession], Awaitable[None]]
) -> None:
    """Retry `write` until nothing is unsaved; every request does so for itself, within its own 30 seconds."""
    for seconds in SAVE_RETRY_SECONDS:
        await clock.sleep(seconds)
        if live.unsaved:
            await write(live)
        if not live.unsaved:
            return
    logger.error("Session %s: an answer was given but could not be stored", live.name)
