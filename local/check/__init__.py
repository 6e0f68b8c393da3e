"""`voice-agent check`: asks the agent the owner's questions, and says what it gets wrong."""

from local.check.command import check

__all__ = ["check"]
