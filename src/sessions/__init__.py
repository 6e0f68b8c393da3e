"""Sessions that stay whole: the single entry point to reading, writing and closing a conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessions.consistent import ConsistentSessions
from sessions.live import Background
from sessions.sessions import Sessions, Turn

if TYPE_CHECKING:
    from clock import Clock
    from settings import Settings
    from stores.session_store import SessionStorage

__all__ = ["Background", "Sessions", "Turn", "get_sessions"]


def get_sessions(
    storage: SessionStorage, clock: Clock, background: Background, settings: Settings
) -> Sessions:
    """The sessions in `storage`, as its consistency allows."""
    build = ConsistentSessions if storage.consistent else Sessions
    return build(storage, clock, background, settings)
