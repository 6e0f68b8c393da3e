"""The offline responder: answers are quoted from the knowledge, without a model or a network.

It lets a newcomer see everything work. It never stands in for a model that fails.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from citations.sources import source_of
from evidence import Evidence
from responders.offline.answers import AnswerFinder
from responders.responder import Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from knowledge.passages import Passage
    from knowledge.query import Synonyms
    from prompt import Prompt

MODEL = "offline-demo"
_WORD = re.compile(r"\s*\S+")


class OfflineResponder:
    """Answers from `passages` of the knowledge. Never raises."""

    name = "offline"

    def __init__(self, passages: Sequence[Passage], synonyms: Synonyms | None = None) -> None:
        self._finder = AnswerFinder(passages, synonyms)

    async def answer(self, prompt: Prompt) -> Reply:
        found = self._finder.find(prompt.question, prompt.history)
        sources = (source_of(found.passage, found.quoted),) if found.passage else ()
        evidence = Evidence(found.verdict, sources)
        return Reply(text=found.text, model=MODEL, usage=None, finish_reason="stop", evidence=evidence)

    async def stream(self, prompt: Prompt, write: Callable[[str], None]) -> Reply:
        """Write the answer word by word."""
        reply = await self.answer(prompt)
        for word in _WORD.findall(reply.text):
            write(word)
        return reply
