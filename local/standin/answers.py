"""What the stand-in says: the sentences of the system message that fit the question and what was said before.

It knows nothing but what it was sent. Without a system message it says so, and a follow-up question such as
'What about the middle one?' finds its answer only if the earlier messages came along.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

NOTHING_SENT = "I was sent nothing to answer from."
LONGEST_LIST = 3
CLOSE = 0.95  # items whose score is this near to the best one's fit equally well
SHORTEST_INFLECTED = 4  # words up to this length keep their endings

_WORD = re.compile(r"\w+")
_STOP_WORDS = frozenset(
    _WORD.findall("""
        a about all also am an and any are as at be been but by can could did do does for from get give has
        have he her here him his how i if in into is it its just like ll m many me more much my no not of on
        one ones or our out please re s she so some t tell than that the their them then there these they
        this those to too up us ve was we were what when where which who why will with would you your
    """)
)
_ORDINALS = {"first": 0, "second": 1, "third": 2, "last": -1}
_BLOCK_START = re.compile(r"\s*(#{1,6}\s|[-*+]\s|\d+[.)]\s|\|)")
_NAME = re.compile(r"\*\*(.{1,40}?)\*\*|([A-Z][^:.|]{0,38}?)(?::| -| \N{EN DASH}| \N{EM DASH})\s")


class Message(NamedTuple):
    """One message of the conversation: who spoke, and what was said."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Item:
    """A section, a list item or a table row of the knowledge; items of one `group` stand side by side."""

    group: str
    name: str
    sentences: tuple[str, ...]
    is_section: bool = False

    @property
    def path(self) -> str:
        """The headings above this item and its own name."""
        return f"{self.group}/{self.name}"

    @property
    def terms(self) -> frozenset[str]:
        """The terms that the item itself holds."""
        return frozenset(terms(" ".join((self.name, *self.sentences))))

    def sentence(self, text: str) -> str:
        """`text` as it can be said by itself: a list item's or row's name in front where it is not named."""
        return text if self.is_section or not self.name or self.name in text else f"{self.name}: {text}"


def terms(text: str) -> list[str]:
    """The words of `text` in lower case without endings; words that say nothing are left out."""
    words = _WORD.findall(text.lower())
    return [_stem(word) for word in words if word not in _STOP_WORDS]


def _stem(word: str) -> str:
    return re.sub(r"(ing|es|ed|s|e)$", "", word) if len(word) > SHORTEST_INFLECTED else word


def answer(messages: Sequence[Message]) -> str:
    """Answer the last message from the system messages before it; the same messages get the same answer."""
    knowledge = "\n\n".join(m.content for m in messages if m.role in {"system", "developer"})
    said = [m for m in messages if m.role in {"user", "assistant"}]
    items = list(read(knowledge))
    if not items or not said:
        return NOTHING_SENT
    return _Search(items, said).answer()


class _Search:
    """One search through `items` for what the last message of `said` asks."""

    def __init__(self, items: Sequence[Item], said: Sequence[Message]) -> None:
        self.items = items
        self.question, self.before = said[-1].content, said[-2::-1]
        self.seen_in = Counter(term for item in items for term in item.terms)
        self.vocabulary = frozenset(self.seen_in)
        self.weights = self._weights()

    def _weights(self) -> dict[str, float]:
        """Each term of the question counts 1; the last exchange shares out 1/2, the one before it 1/4."""
        weights: dict[str, float] = dict.fromkeys(terms(self.question), 1.0)
        for age, message in enumerate(self.before):
            found = terms(message.content)
            for term in found:
                weights[term] = weights.get(term, 0.0) + 0.5 ** (1 + age // 2) / len(found)
        return weights

    def _meant(self) -> Item | None:
        """What 'the middle one' or 'the second' stands for among items that were named side by side."""
        words = set(_WORD.findall(self.question.lower()))
        candidates = self._named_side_by_side()
        if not candidates:
            return None
        if "middle" in words:
            return candidates[len(candidates) // 2]
        place = next((place for word, place in _ORDINALS.items() if word in words), None)
        return candidates[place] if place is not None and place < len(candidates) else None

    def _named_side_by_side(self) -> list[Item]:
        """The items that the latest answer with several of one group named, in that answer's order."""
        for message in self.before:
            groups: dict[str, list[tuple[int, Item]]] = {}
            for item in self.items if message.role == "assistant" else ():
                found = re.search(rf"\b{re.escape(item.name)}\b", message.content) if item.name else None
                if found:
                    groups.setdefault(item.group, []).append((found.start(), item))
            best = max(groups.values(), key=len, default=[])
            if len(best) > 1:
                return [item for _, item in sorted(best, key=lambda pair: pair[0])]
        return []

    def _worth(self, found: frozenset[str]) -> float:
        """How well `found` fits: rare terms count more than those that every item holds."""
        return sum(
            weight * math.log(1 + len(self.items) / self.seen_in[term])
            for term, weight in self.weights.items()
            if term in found and self.seen_in[term]
        )

    def _score(self, item: Item) -> float:
        above = frozenset(terms(item.path))
        return self._worth(item.terms) + 0.5 * self._worth(above)

    def answer(self) -> str:
        meant = self._meant()
        if meant:
            return self._whole(meant)
        scores = [self._score(item) for item in self.items]
        if not max(scores) or self.vocabulary.isdisjoint(terms(self.question)):
            return self._unknown()
        chosen = [i for i, score in zip(self.items, scores, strict=True) if score >= CLOSE * max(scores)]
        return self._whole(chosen[0]) if len(chosen) == 1 else self._one_each(chosen[:LONGEST_LIST])

    def _one_each(self, items: Sequence[Item]) -> str:
        return " ".join(item.sentence(item.sentences[0]) for item in items if item.sentences)

    def _whole(self, item: Item) -> str:
        """The item's best sentences, and its parts where those sentences do not name them."""
        parts = [part for part in self.items if part.group == item.path and part.name]
        own = self._best_sentences(item)
        if parts and not any(part.name in own for part in parts):
            return f"{own} {self._one_each(parts[:LONGEST_LIST])}".strip()
        return own

    def _best_sentences(self, item: Item) -> str:
        ranked = sorted(item.sentences, key=lambda text: -self._worth(frozenset(terms(text))))
        best = [text for text in item.sentences if text in ranked[:2]]
        return " ".join([item.sentence(text) for text in best[:1]] + best[1:])

    def _unknown(self) -> str:
        known = [item.name for item in self.items if item.is_section and item.sentences][:LONGEST_LIST]
        return f"I was sent nothing about that. Ask me about: {', '.join(known)}." if known else NOTHING_SENT


def read(markdown: str) -> Iterator[Item]:
    """The items of a Markdown text; what stands before the first heading, if there is one, is left out."""
    first = re.search(r"^#{1,6}\s", markdown, re.MULTILINE)
    headings: list[tuple[int, str]] = []
    columns: list[str] = []
    body: list[str] = []
    for block in [*_blocks(markdown[first.start() if first else 0 :]), "# "]:
        heading = re.match(r"(#{1,6})\s+(.*)|(# )$", block)
        if heading:
            yield from _section(headings, body)
            level = len(heading[1] or "#")
            headings, body = [h for h in headings if h[0] < level] + [(level, _plain(heading[2] or ""))], []
        elif block.startswith("|"):
            cells = [_plain(cell) for cell in block.strip("| ").split("|")]
            if columns:
                yield from _row(_path(headings), columns, cells)
            columns = columns or cells
        elif marker := re.match(r"([-*+]|\d+[.)])\s+", block):
            yield _listed(_path(headings), block[marker.end() :])
        else:
            body.append(block)
        columns = columns if block.startswith("|") else []


def _blocks(text: str) -> Iterator[str]:
    """Headings, list items, table rows and paragraphs, each with its wrapped lines joined."""
    held = ""
    for line in [*text.splitlines(), ""]:
        if line.strip() and held and not _BLOCK_START.match(line) and not held.startswith(("#", "|")):
            held = f"{held} {line.strip()}"
            continue
        if held:
            yield held
        held = line.strip()


def _path(headings: Sequence[tuple[int, str]]) -> str:
    return "".join(f"/{name}" for _, name in headings)


def _section(headings: Sequence[tuple[int, str]], body: Sequence[str]) -> Iterator[Item]:
    if headings or body:
        name = headings[-1][1] if headings else ""
        yield Item(_path(headings[:-1]), name, _sentences(" ".join(body)), is_section=bool(name))


def _row(group: str, columns: Sequence[str], cells: Sequence[str]) -> Iterator[Item]:
    if any(set(cell) - set("-: ") for cell in cells):
        facts = (f"{column} {cell}" for column, cell in zip(columns[1:], cells[1:], strict=False))
        yield Item(group, cells[0], (", ".join(facts) + ".",))


def _listed(group: str, text: str) -> Item:
    found = _NAME.match(text)
    name = _plain(found[1] or found[2]).rstrip(":") if found else ""
    return Item(group, name, _sentences(text))


def _sentences(text: str) -> tuple[str, ...]:
    return tuple(part for part in re.split(r"(?<=[.!?])\s+", _plain(text)) if part)


def _plain(text: str) -> str:
    """`text` without Markdown's emphasis, code marks and links."""
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).replace("**", "").replace("`", "").strip()
