"""What a conversation was about so far, read from its messages: nothing else is kept between questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from responders.offline.terms import question_terms
from responders.offline.topics import Group, Topic, mentions, stems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from models import ConversationMessage

# What a question before this one still counts for in a follow-up, and the one before that.
_FADING = (0.35, 0.15)
# Sessions keep ten messages; a longer history is not read further back.
_READ_AT_MOST = 10


@dataclass(frozen=True, slots=True)
class Recall:
    """What the last answers were about.

    `focus`: the topics of the last answer that came from the knowledge, in order. `lists`: groups that
    answers spoke of, the latest first, each with those of its members that were spoken of. `said`: the
    sentences that were used. `asked`: the terms of the questions before, with their weight.
    """

    focus: tuple[int, ...]
    lists: tuple[tuple[Group, tuple[int, ...]], ...]
    said: frozenset[str]
    asked: dict[str, float]


def recall(
    history: Sequence[ConversationMessage], topics: Sequence[Topic], groups: Sequence[Group]
) -> Recall:
    """Read `history`, whoever wrote its answers: sentences of the knowledge are known again, names too."""
    recent = history[-_READ_AT_MOST:]
    answers = [message.content for message in reversed(recent) if message.role == "assistant"]
    read = [_Answer(text, topics) for text in answers]
    return Recall(
        focus=next((answer.focus for answer in read if answer.focus), ()),
        lists=tuple(found for answer in read for found in _lists(answer, groups)),
        said=frozenset(sentence for answer in read for sentence in answer.said),
        asked=_asked([message.content for message in reversed(recent) if message.role == "user"]),
    )


class _Answer:
    """One answer: the sentences of the knowledge in it, the topics they belong to, the topics it names."""

    def __init__(self, text: str, topics: Sequence[Topic]) -> None:
        held = {topic.place: {said for said in topic.sentences if said in text} for topic in topics}
        spoken = stems(text)
        self.said = set().union(*held.values())
        self.named = [topic.place for topic in topics if mentions(topic, spoken)]
        self.focus = _cover(held, self.said)


def _cover(held: dict[int, set[str]], said: set[str]) -> tuple[int, ...]:
    """The fewest topics that hold all sentences `said`, the innermost of equals, the greatest share first."""
    found: list[int] = []
    left = set(said)
    while left:
        best = max(held, key=lambda place: (len(held[place] & left), place))
        found.append(best)
        left -= held[best]
    return tuple(found)


def _lists(answer: _Answer, groups: Sequence[Group]) -> list[tuple[Group, tuple[int, ...]]]:
    """The groups that `answer` spoke of, the one it was most about first."""
    ranked = [(_rank(answer, group), group) for group in groups]
    ranked.sort(key=lambda pair: -pair[0])
    return [(group, _spoken(answer, group)) for rank, group in ranked if rank]


def _rank(answer: _Answer, group: Group) -> int:
    """What the answer lists from the text above it counts most, then what it is about, then what it names."""
    about = sum(member in answer.focus for member in group.members)
    named = sum(member in answer.named for member in group.members)
    if group.parent in answer.focus and named:
        return 1000 + named
    return 10 * about + named if about or named > 1 else 0


def _spoken(answer: _Answer, group: Group) -> tuple[int, ...]:
    about = tuple(member for member in group.members if member in answer.focus)
    return about or tuple(member for member in group.members if member in answer.named)


def _asked(questions: Sequence[str]) -> dict[str, float]:
    asked: dict[str, float] = {}
    for question, weight in zip(questions, _FADING, strict=False):
        for term in question_terms(question):
            asked.setdefault(term, weight)
    return asked
