"""The stand-in's own answers: those of the offline demo, from the knowledge in the prompt.

It knows only what it was sent: without knowledge it says so, and a follow-up question such as 'What about the
middle one?' is answered only if the earlier messages were sent too.
"""

from __future__ import annotations

import functools
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from errors import ConfigurationError
from knowledge.passages import rendered_passages, split
from models import ConversationMessage
from prompt import Prompt
from responders.offline.responder import OfflineResponder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from local.standin.chat_request import Message
    from models import Role

NOTHING_SENT = "I was sent nothing to answer from."
# OpenAI's protocol does not say when a message was sent, and the offline demo does not ask.
_UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
_SPEAKERS: Mapping[str, Role] = {"user": "user", "assistant": "assistant"}
_HEADING = re.compile(r"^#{1,6}\s", re.MULTILINE)


class OfflineAnswers:
    """Answers chat requests, and keeps the index of the latest few system prompts."""

    def __init__(self) -> None:
        self._responder = functools.lru_cache(maxsize=8)(_responder)

    async def answer(self, messages: Sequence[Message]) -> str:
        """The answer to the last message; the same messages always get the same answer."""
        system = "\n\n".join(m.content for m in messages if m.role in {"system", "developer"})
        responder = self._responder(system)
        conversation = [
            ConversationMessage(role=_SPEAKERS[m.role], content=m.content, timestamp=_UNDATED)
            for m in messages
            if m.role in _SPEAKERS
        ]
        if responder is None or not conversation:
            return NOTHING_SENT
        *history, question = conversation
        reply = await responder.answer(Prompt(system, history, question.content, safety_identifier=""))
        return reply.text


def _responder(system: str) -> OfflineResponder | None:
    """A responder for the knowledge in the system prompt; None if there is none."""
    try:
        knowledge = _knowledge(system)
        return OfflineResponder(rendered_passages(knowledge) or split({"knowledge.md": knowledge}))
    except ConfigurationError:
        return None


def _knowledge(system: str) -> str:
    """What follows the heading 'Knowledge', or else starts at the first heading, or else everything."""
    _, heading, knowledge = system.partition("# Knowledge\n")
    if heading:
        return knowledge.partition("\n# Now\n")[0]
    first = _HEADING.search(system)
    return system[first.start() :] if first else system
