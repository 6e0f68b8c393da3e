"""Topics: what the agent can talk about, which are sections, named list items and table rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from responders.offline.spoken import blocks, inline, sentences
from responders.offline.terms import stems
from responders.offline.vocabulary import STOP_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from knowledge.passages import Passage
    from responders.offline.spoken import Block


@dataclass(frozen=True, slots=True)
class Topic:
    """A section, or a named item within one.

    `id` and `parent` are positions in the list of topics; `parent` is -1 at the top. `path` holds the
    headings from the outermost to the topic's own, `sentences` its text. `names` are the stemmed words that
    distinguish the topic from its siblings. `item_noun` is what a table calls its rows, otherwise empty.
    """

    id: int
    parent: int
    path: tuple[str, ...]
    sentences: tuple[str, ...]
    names: frozenset[str] = frozenset()
    is_section: bool = True
    item_noun: str = ""

    @property
    def title(self) -> str:
        """The innermost heading."""
        return self.path[-1]

    @property
    def is_question(self) -> bool:
        """Whether the heading is a whole question, as in a list of frequently asked ones."""
        return self.title.endswith("?")

    def is_named_in(self, text_stems: frozenset[str]) -> bool:
        """Return whether a text with these stems names this topic."""
        return bool(self.names) and self.names <= text_stems


def find_topics(passages: Sequence[Passage]) -> list[Topic]:
    """Return all topics of `passages`, in order."""
    topics = _unnamed_topics(passages)
    titles = [stems(topic.title) for topic in topics]
    usage: dict[int, Counter[str]] = {}
    for topic, title in zip(topics, titles, strict=True):
        usage.setdefault(topic.parent, Counter()).update(title)
    return [
        replace(topic, names=_distinctive(title, usage[topic.parent]) or title)
        for topic, title in zip(topics, titles, strict=True)
    ]


def _unnamed_topics(passages: Sequence[Passage]) -> list[Topic]:
    topics: list[Topic] = []
    ids: dict[tuple[str, ...], int] = {}
    for section in _with_parents(passages):
        path = tuple(inline(heading) for heading in section.path)
        parent = ids.get(section.path[:-1], -1)
        section_id = ids[section.path] = len(topics)
        content = blocks(section.text)
        topics.append(Topic(section_id, parent, path, _sentences(content)))
        topics += [
            Topic(
                id=item_id,
                parent=section_id,
                path=(*path, block.name),
                sentences=_sentences([block]),
                is_section=False,
                item_noun=block.noun,
            )
            for item_id, block in enumerate((block for block in content if block.name), len(topics))
        ]
    return topics


def _with_parents(passages: Sequence[Passage]) -> list[Passage]:
    """`passages` with one that has no text for each heading above them without any."""
    found: list[Passage] = []
    known: set[tuple[str, ...]] = set()
    for passage in passages:
        for length in range(1, len(passage.path)):
            if (path := passage.path[:length]) not in known:
                known.add(path)
                found.append(replace(passage, path=path, text=""))
        known.add(passage.path)
        found.append(passage)
    return found


def _sentences(content: Iterable[Block]) -> tuple[str, ...]:
    return tuple(sentence for block in content for sentence in sentences(block.text))


def _distinctive(title: frozenset[str], usage: Counter[str]) -> frozenset[str]:
    """Return the words of a title that none of its siblings' titles have."""
    own = {word for word in title if usage[word] == 1 and not word.isdigit()}
    return frozenset(own - STOP_WORDS)
