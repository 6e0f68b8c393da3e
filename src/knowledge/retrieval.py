"""What of the knowledge is sent with a question: all of it, or above a budget what fits the question."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from errors import ConfigurationError, KnowledgeUnavailable, StorageError
from knowledge.passages import render, split
from knowledge.query import Synonyms, last_exchange, weights
from knowledge.search_sql import passage_of, search
from stores.d1_client import D1Client

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from knowledge.passages import Passage
    from models import ConversationMessage
    from stores.d1 import D1Database

# About right for English. Most languages take more bytes for a token, so this counts too many, if anything.
BYTES_PER_TOKEN = 4

SEARCHED = "The passages that fit the question best follow below, under 'Passages'."
NOTHING_PUSHED = (
    "VOICE_DB holds no knowledge yet. Put it there with: uv run voice-agent knowledge push --remote"
)

logger = logging.getLogger("voice_agent.knowledge")


@dataclass(frozen=True, slots=True)
class Sent:
    """The passages that go with a question, by id, and what has to be added to the prompt to send them."""

    passages: Mapping[str, Passage]
    text: str = ""


class Knowledge(Protocol):
    """The owner's knowledge.

    `text` stands for it in the part of the prompt that never changes. If that is all of it, `whole` is what
    goes with every question, and nothing has to be found.
    """

    text: str
    whole: Sent | None

    async def find(self, question: str, history: Sequence[ConversationMessage]) -> Sent:
        """What goes with `question`, which comes after `history`.

        Raises `KnowledgeUnavailable`, and `ConfigurationError` if there is no knowledge where it should be.
        """
        ...


class WholeKnowledge:
    """Knowledge that is small enough to be sent with every question."""

    def __init__(self, passages: Sequence[Passage]) -> None:
        self.text = render(passages)
        self._sent = Sent({passage.id: passage for passage in passages})
        self.whole: Sent | None = self._sent

    async def find(self, question: str, history: Sequence[ConversationMessage]) -> Sent:
        """All of it, which the unchanging part of the prompt has already."""
        del question, history
        return self._sent


# For conversations without any.
NO_KNOWLEDGE: Knowledge = WholeKnowledge(())


class SearchedKnowledge:
    """Knowledge in D1, of which only what fits a question is sent with it. One query for each question."""

    text = SEARCHED
    whole: Sent | None = None

    def __init__(self, database: D1Database, synonyms: Synonyms, timeout: float) -> None:
        """`timeout` is the longest wait for D1, in seconds."""
        self._client = D1Client(database, timeout)
        self._synonyms = synonyms

    async def find(self, question: str, history: Sequence[ConversationMessage]) -> Sent:
        """The passages whose words fit best, and some next to them, in the order of the documents."""
        before, answer = last_exchange(history)
        wanted = weights(self._synonyms.asked(question), self._synonyms.asked(before), answer)
        try:
            rows = await self._client.query(search(wanted), weights=wanted)
        except StorageError as error:
            raise KnowledgeUnavailable from error
        if not rows or not rows[0]["version"]:
            logger.error(NOTHING_PUSHED)
            raise ConfigurationError(NOTHING_PUSHED)
        found = [passage_of(row) for row in rows if row["id"] is not None]
        return Sent({passage.id: passage for passage in found}, f"\n# Passages\n\n{render(found)}\n")


def get_knowledge(
    documents: Mapping[str, str], database: D1Database | None, *, budget: int, size: int, timeout: float
) -> Knowledge:
    """All of `documents` (Markdown by file name) if those take at most `budget` tokens, or else `database`.

    Without a database, too large knowledge raises `ConfigurationError`, and so does none at all. `size` is
    the documents' in bytes: a deployed Worker does not have those that are large.
    """
    needed = size // BYTES_PER_TOKEN
    if needed <= budget:
        return WholeKnowledge(split(documents))
    if database is not None:
        return SearchedKnowledge(database, Synonyms.of(documents), timeout)
    raise ConfigurationError(
        f"The knowledge takes about {needed:,} tokens, but KNOWLEDGE_TOKENS is {budget:,}. Either raise "
        "it, and pay for all of the knowledge with every question; or bind a D1 database as VOICE_DB and "
        "fill it with `uv run voice-agent knowledge push`: then only what fits a question is sent with it."
    )


def size_of(documents: Mapping[str, str]) -> int:
    """The size of `documents` in bytes."""
    return sum(len(text.encode()) for text in documents.values())
