"""What a conversation has been about, derived from its messages: nothing else is kept between questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from responders.offline.terms import question_terms, stems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models import ConversationMessage
    from responders.offline.groups import Group
    from responders.offline.topics import Topic

# The weights of the terms of the previous question and of the one before that.
_PREVIOUS_WEIGHTS = (0.35, 0.15)
_MAX_MESSAGES = 10


@dataclass(frozen=True, slots=True)
class Context:
    """What the conversation has been about; topics are given by their ids.

    `focus`: the topics of the last answer that came from the knowledge. `groups`: the groups that answers
    mentioned, latest first, each with the members mentioned. `used`: the sentences of the knowledge in all
    answers. `asked`: the terms of the previous questions, with their weights.
    """

    focus: tuple[int, ...]
    groups: tuple[tuple[Group, tuple[int, ...]], ...]
    used: frozenset[str]
    asked: dict[str, float]


def read_context(
    history: Sequence[ConversationMessage], topics: Sequence[Topic], groups: Sequence[Group]
) -> Context:
    """Read the last messages of `history`.

    Whoever wrote the answers, sentences of the knowledge and names of topics in them are recognised.
    """
    latest_first = history[-_MAX_MESSAGES:][::-1]
    answers = [_Answer(message.content, topics) for message in latest_first if message.role == "assistant"]
    return Context(
        focus=next((answer.focus for answer in answers if answer.focus), ()),
        groups=tuple(found for answer in answers for found in _mentioned_groups(answer, groups)),
        used=frozenset(sentence for answer in answers for sentence in answer.used),
        asked=_asked([message.content for message in latest_first if message.role == "user"]),
    )


class _Answer:
    """An answer: the sentences of the knowledge that it uses, their topics, and the topics that it names."""

    def __init__(self, text: str, topics: Sequence[Topic]) -> None:
        used = {topic.id: {sentence for sentence in topic.sentences if sentence in text} for topic in topics}
        text_stems = stems(text)
        self.used = set().union(*used.values())
        self.named = [topic.id for topic in topics if topic.is_named_in(text_stems)]
        self.focus = _cover(used, self.used)


def _cover(used: dict[int, set[str]], sentences: set[str]) -> tuple[int, ...]:
    """Return a small set of topics that have all `sentences`, largest share first, innermost of equals."""
    topics: list[int] = []
    left = set(sentences)
    while left:
        best = max(used, key=lambda topic: (len(used[topic] & left), topic))
        topics.append(best)
        left -= used[best]
    return tuple(topics)


def _mentioned_groups(answer: _Answer, groups: Sequence[Group]) -> list[tuple[Group, tuple[int, ...]]]:
    """Return the groups that `answer` mentioned, starting with the one it was most about."""
    ranked = [(_rank(answer, group), group) for group in groups]
    ranked.sort(key=lambda pair: -pair[0])
    return [(group, _mentioned_members(answer, group)) for rank, group in ranked if rank]


def _rank(answer: _Answer, group: Group) -> int:
    """Rank groups that the answer lists highest, then those it is about, then those it names."""
    about = sum(member in answer.focus for member in group.members)
    named = sum(member in answer.named for member in group.members)
    if group.parent in answer.focus and named:
        return 1000 + named
    return 10 * about + named if about or named > 1 else 0


def _mentioned_members(answer: _Answer, group: Group) -> tuple[int, ...]:
    about = tuple(member for member in group.members if member in answer.focus)
    return about or tuple(member for member in group.members if member in answer.named)


def _asked(questions: Sequence[str]) -> dict[str, float]:
    """Return the terms of the latest `questions`, given latest first, with their weights."""
    asked: dict[str, float] = {}
    for question, weight in zip(questions, _PREVIOUS_WEIGHTS, strict=False):
        for term in question_terms(question):
            asked.setdefault(term, weight)
    return asked
