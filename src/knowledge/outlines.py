"""What the knowledge is about as a whole: topics to offer, and what is below a heading without a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from knowledge.passages import Passage

if TYPE_CHECKING:
    from collections.abc import Sequence

_MAX_TOPICS, _MAX_TOPIC_CHARS = 3, 40


class Outline(Passage):
    """What is below a heading that has no text of its own: a list of the headings there."""


def with_outlines(passages: Sequence[Passage]) -> list[Passage]:
    """`passages`, and before those below a heading without a text of its own, an outline."""
    own, below = {passage.path for passage in passages}, dict[tuple[str, ...], dict[str, None]]()
    for passage in passages:
        if not passage.is_question:
            below.setdefault(passage.path[:-1], {})[passage.path[-1]] = None
    found: list[Passage] = []
    for passage in passages:
        above = passage.path[:-1]
        if above and above not in own and len(headings := below.get(above, {})) > 1:
            own.add(above)
            text = "\n".join(f"- {heading}" for heading in headings)
            found.append(Outline(passage.id, above, text, passage.url, passage.title))
        found.append(passage)
    return found


def topics_of(passages: Sequence[Passage]) -> list[str]:
    """The first headings of the knowledge, in order, as topics to offer."""
    level = 0 if len({one.path[0] for one in passages}) > 1 else 1
    headings = dict.fromkeys(one.path[level] for one in passages if len(one.path) > level)
    short = [heading.removeprefix("About ") for heading in headings if len(heading) <= _MAX_TOPIC_CHARS]
    asked = [topic for topic in short if not topic.endswith("?")]
    return (asked or short or [passages[0].path[0]])[:_MAX_TOPICS]
