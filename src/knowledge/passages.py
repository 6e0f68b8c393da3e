"""Passages: the parts of the owner's documents that are searched, sent to the model, and cited.

There is no Markdown library here: this runs at start-up in WebAssembly, where every import costs time, and
all that is needed are the headings and the text between them.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from errors import ConfigurationError
from knowledge.documents import read_documents
from knowledge.parts import parts
from knowledge.plain_text import inline
from knowledge.questions import with_question_headings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from knowledge.documents import Document

_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$")
# A line of its own with one of equals signs or hyphens below it. It is no list, quote, table or fence.
_UNDERLINED = re.compile(
    r"(?:(?<=\n\n)|\A) {0,3}(?![|>#*+-]|\d+[.)] |```|~~~)(\S.*?)[ \t]*\n {0,3}(={2,}|-{3,})[ \t]*$",
    re.MULTILINE,
)
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_RENDERED = re.compile(r"^\[\[([a-z][0-9][a-z0-9]{4,8})\]\] (.*)$", re.MULTILINE)
_BETWEEN = " > "

# A letter and a digit, so that an id is never taken for a word, and four characters: 28 bits.
_LETTERS, _DIGITS = "abcdefghijklmnopqrstuvwxyz", "0123456789"

NO_KNOWLEDGE = (
    "The agent has no knowledge yet: add at least one Markdown file with text about your business to the "
    "knowledge folder."
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A text under one heading, or a part of it if it is long.

    `id` is unique, matches `[a-z][0-9][a-z0-9]{4,8}`, and stays the same as long as the document's name, the
    headings and the number of the part do. `path` holds the headings from the outermost to the passage's own,
    as plain text, and is never empty. `text` is Markdown. `title` and `url` are the document's; `url` is None
    if visitors cannot read it anywhere.
    """

    id: str
    path: tuple[str, ...]
    text: str
    url: str | None
    title: str

    @property
    def is_question(self) -> bool:
        """Whether the heading is a whole question, to which the text is the answer."""
        return self.path[-1].endswith(("?", "？", "؟"))  # noqa: RUF001 - Chinese


def split(documents: Mapping[str, str]) -> tuple[Passage, ...]:
    """The passages of `documents` (Markdown by file name), in order of file name and text.

    Each frequent question is a passage, however it is written. Text before a file's first heading, and any
    text in a file without a heading of the first level, has the document's title as its outermost heading.
    Headings without text are in the paths of what is below them only. Raises `ConfigurationError` if there is
    no text at all.
    """
    return tuple(passage for passages in split_each(documents).values() for passage in passages)


def split_each(documents: Mapping[str, str]) -> dict[str, list[Passage]]:
    """The same, by file name, without the files that have no text."""
    ids: set[str] = set()
    found = {one.name: list(_passages(one, ids)) for one in read_documents(documents)}
    if not any(found.values()):
        raise ConfigurationError(NO_KNOWLEDGE)
    return found


def _passages(document: Document, ids: set[str]) -> Iterator[Passage]:
    """The passages of `document`; their ids are none of `ids`, and are added to those."""
    for path, section in _sections(document):
        for number, text in enumerate(parts(section)):
            new = _new_id(ids, document.name, *path, str(number))
            yield Passage(new, path, text, document.url, document.title)


def render(passages: Iterable[Passage]) -> str:
    """`passages` as the model is sent them: each with its id and its headings in the line above it."""
    return "\n\n".join(f"[[{one.id}]] {_BETWEEN.join(one.path)}\n{one.text}" for one in passages)


def rendered_passages(text: str) -> tuple[Passage, ...]:
    """The passages in a text that `render` made, without their URLs, which it leaves out."""
    found = list(_RENDERED.finditer(text))
    ends = [match.start() for match in found[1:]] + [len(text)]
    return tuple(_rendered(match, text[match.end() : end]) for match, end in zip(found, ends, strict=False))


def _rendered(first_line: re.Match[str], text: str) -> Passage:
    path = tuple(first_line[2].split(_BETWEEN))
    return Passage(first_line[1], path, text.strip(), None, path[0])


def _sections(document: Document) -> Iterator[tuple[tuple[str, ...], str]]:
    """The texts between the headings of `document`, if there are any, each with its heading path."""
    text = with_question_headings(_UNDERLINED.sub(_with_marks, document.text))
    headings: dict[int, str] = {0: document.title}
    lines: list[str] = []
    in_fence = False

    for line in (*text.split("\n"), "# "):
        in_fence ^= bool(_FENCE.match(line))
        heading = None if in_fence and line != "# " else _HEADING.match(line)
        if not heading:
            lines.append(line)
            continue
        if body := "\n".join(lines).strip("\n").rstrip():
            yield tuple(headings[level] for level in sorted(headings)), body
        lines.clear()
        level = len(heading[1])
        headings = {outer: title for outer, title in headings.items() if outer < level}
        headings[level] = inline(heading[2])
        if level == 1:
            headings.pop(0, None)


def _with_marks(underlined: re.Match[str]) -> str:
    return f"{'#' if underlined[2][0] == '=' else '##'} {underlined[1]}"


def _new_id(taken: set[str], *parts_of_name: str) -> str:
    """An id for what has this name, which is added to `taken`."""
    name = "\n".join(parts_of_name)
    while True:
        digest = hashlib.sha256(name.encode()).digest()
        end = base64.b32encode(digest[2:]).decode().lower()[:4]
        new = f"{_LETTERS[digest[0] % 26]}{_DIGITS[digest[1] % 10]}{end}"
        if new not in taken:
            taken.add(new)
            return new
        name += "\n"
