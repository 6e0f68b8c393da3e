"""How well questions find their passages, and how the offline demo answers them.

Three invented businesses of different kinds have a hundred questions each, in `bench/businesses/`; a third
of them without an answer. An answer is right if it says what it has to, or if it says that it does not
know and the knowledge has no answer. It is wrong if it says something else, without a word of doubt.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from bench import knowledge_search
from bench.figures import Figure
from knowledge.bm25 import Index
from knowledge.passages import split
from knowledge.query import Synonyms, weights
from models import ConversationMessage
from responders.offline.answers import AnswerFinder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from knowledge.passages import Passage
    from responders.offline.answers import Found

Outcome = Literal["right", "unsure", "unknown", "wrong"]

BUSINESSES = Path(__file__).parent / "businesses"
# How many passages the model is sent with a question.
INCLUDED = 5
_AT = datetime(2026, 11, 29, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Case:
    """A conversation and, if its last question has an answer, the heading it is under and what it says."""

    questions: tuple[str, ...]
    heading: str
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Business:
    """An invented business: its knowledge and the questions about it."""

    name: str
    documents: Mapping[str, str]
    cases: tuple[Case, ...]


def run() -> Iterator[Figure]:
    """The share of answers that are right and wrong, and of passages that are found, for each business."""
    for business in map(load, sorted(path for path in BUSINESSES.iterdir() if path.is_dir())):
        outcomes = Counter(outcome for _, _, outcome in answers(business))
        total = len(business.cases)
        for outcome in ("right", "unsure", "unknown", "wrong"):
            yield Figure(f"knowledge.{business.name}_{outcome}", 100 * outcomes[outcome] / total, "%")
        found = [is_found for _, is_found in retrieved(business)]
        yield Figure(f"knowledge.{business.name}_found", 100 * sum(found) / len(found), "%")
    yield from knowledge_search.run()


def load(folder: Path) -> Business:
    """The business in `folder`: Markdown, and `questions.txt`, whose first line says how it is written."""
    lines = (folder / "questions.txt").read_text("utf-8").splitlines()
    cases = tuple(_case(line) for line in lines if line and not line.startswith("#"))
    documents = {path.name: path.read_text("utf-8") for path in folder.glob("*.md")}
    return Business(folder.name, documents, cases)


def answers(business: Business) -> Iterator[tuple[Case, Found, Outcome]]:
    """The offline demo's answer to the last question of each case."""
    finder = AnswerFinder(split(business.documents), Synonyms.of(business.documents))
    for case in business.cases:
        history: list[ConversationMessage] = []
        for question in case.questions:
            found = finder.find(question, history)
            history.append(ConversationMessage(role="user", content=question, timestamp=_AT))
            history.append(ConversationMessage(role="assistant", content=found.text, timestamp=_AT))
        yield case, found, _outcome(case, found)


def retrieved(business: Business) -> Iterator[tuple[Case, bool]]:
    """Whether the passage with the answer is among those that are found, for each case with an answer."""
    passages = split(business.documents)
    index, synonyms = Index(passages), Synonyms.of(business.documents)
    for case in business.cases:
        if case.heading:
            before = synonyms.asked(case.questions[-2]) if len(case.questions) > 1 else ()
            ranked = index.search(weights(synonyms.asked(case.questions[-1]), before))
            yield case, any(_is_under(passages[at], case.heading) for _, at in ranked[:INCLUDED])


def _case(line: str) -> Case:
    conversation, heading, *says = (part.strip() for part in line.split("|"))
    mentions = tuple(part.strip().casefold() for part in says[0].split(";")) if says else ()
    return Case(tuple(conversation.split(" / ")), heading, mentions)


def _outcome(case: Case, found: Found) -> Outcome:
    if found.verdict == "unknown":
        return "unknown" if case.heading else "right"
    if case.heading and all(part in found.text.casefold() for part in case.says):
        return "right"
    return "unsure" if found.verdict == "partly" else "wrong"


def _is_under(passage: Passage, heading: str) -> bool:
    return heading.casefold() in " > ".join(passage.path).casefold()
