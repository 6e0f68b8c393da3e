"""The offline responder: answers are quoted from the knowledge, without a model or a network.

It lets a newcomer see everything work. It never stands in for a model that fails.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from citations.sources import source_of
from evidence import Evidence
from knowledge.query import Synonyms
from responders.offline.answers import NOTHING_FOUND, AnswerFinder
from responders.responder import Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from knowledge.passages import Passage
    from prompt import Prompt

MODEL = "offline-demo"
_WORD = re.compile(r"\s*\S+")


class OfflineResponder:
    """Answers from `passages` of the knowledge or, without any, from those in the prompt. Never raises."""

    name = "offline"

    def __init__(self, passages: Sequence[Passage], synonyms: Synonyms | None = None) -> None:
        self._synonyms = synonyms or Synonyms()
        self._finder = AnswerFinder(passages, self._synonyms) if passages else None

    async def answer(self, prompt: Prompt) -> Reply:
        passages = tuple(prompt.passages.values())
        finder = self._finder or (AnswerFinder(passages, self._synonyms) if passages else None)
        found = finder.find(prompt.question, prompt.history) if finder else NOTHING_FOUND
        sources = (source_of(found.passage, found.quoted),) if found.passage else ()
        evidence = Evidence(found.verdict, sources)
        return Reply(text=found.text, model=MODEL, usage=None, finish_reason="stop", evidence=evidence)

    async def stream(self, prompt: Prompt, write: Callable[[str], None]) -> Reply:
        """Write the answer word by word."""
        reply = await self.answer(prompt)
        for word in _WORD.findall(reply.text):
            write(word)
        return reply
