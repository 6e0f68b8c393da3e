"""Sessions that stay whole: the single entry point to reading, writing and closing a conversation."""

from sessions.live import Background
from sessions.sessions import Sessions, Turn

__all__ = ["Background", "Sessions", "Turn"]
