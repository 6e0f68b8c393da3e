"""`voice-agent learn`: builds the knowledge from a website and documents."""

from local.learn.command import learn

__all__ = ["learn"]
