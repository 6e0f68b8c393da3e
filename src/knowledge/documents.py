"""The owner's Markdown documents: joined into one text for the model, and split into sections for search.

There is no Markdown library here: this runs at start-up in WebAssembly, where every import costs time, and
all that is needed are the headings (lines that start with `#`) and the text between them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from errors import ConfigurationError
from knowledge.questions import with_question_headings

if TYPE_CHECKING:
    from collections.abc import Mapping

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n.*?\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$")
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_SORT_PREFIX = re.compile(r"^[\d._ -]+(?=\D)")

NO_KNOWLEDGE = (
    "The agent has no knowledge yet: add at least one Markdown file with text about your business to the "
    "knowledge folder."
)


@dataclass(frozen=True, slots=True)
class Section:
    """The text under one heading, up to the next heading of any level.

    `path` holds the headings from the outermost one to the section's own. Text before a file's first heading
    gets the file's name as its heading ('10-opening-hours.md' becomes 'Opening hours'). `text` is Markdown,
    and empty where one heading directly follows another.
    """

    document: str
    path: tuple[str, ...]
    text: str


def knowledge_text(documents: Mapping[str, str]) -> str:
    """Join `documents` (text by file name) into one Markdown text, ordered by file name.

    Front matter and comments (`<!-- … -->`) are the owner's notes and are left out. Raises
    `ConfigurationError` if nothing remains.
    """
    texts = [cleaned for _, text in sorted(documents.items()) if (cleaned := _clean(text))]
    if not texts:
        raise ConfigurationError(NO_KNOWLEDGE)
    return "\n\n".join(texts)


def parse_knowledge(documents: Mapping[str, str]) -> tuple[Section, ...]:
    """Split `documents` into sections, in order; each frequent question is one, however it is written.

    Raises `ConfigurationError` if no section has any text.
    """
    sections = tuple(
        section
        for name, text in sorted(documents.items())
        for section in _sections(name, with_question_headings(_clean(text)))
    )
    if not any(section.text for section in sections):
        raise ConfigurationError(NO_KNOWLEDGE)
    return sections


def _clean(text: str) -> str:
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return _COMMENT.sub("", _FRONT_MATTER.sub("", text)).strip()


def _sections(document: str, text: str) -> list[Section]:
    sections: list[Section] = []
    headings: dict[int, str] = {}
    lines: list[str] = []
    in_fence = False

    def close_section() -> None:
        body = "\n".join(lines).strip()
        if headings or body:
            path = tuple(headings[level] for level in sorted(headings)) or (_title(document),)
            sections.append(Section(document, path, body))
        lines.clear()

    for line in text.split("\n"):
        in_fence ^= bool(_FENCE.match(line))
        heading = None if in_fence else _HEADING.match(line)
        if not heading:
            lines.append(line)
            continue
        close_section()
        level = len(heading[1])
        headings = {outer: title for outer, title in headings.items() if outer < level} | {level: heading[2]}
    close_section()
    return sections


def _title(document: str) -> str:
    """Make a heading of a file name: '10-opening-hours.md' becomes 'Opening hours'."""
    stem = document.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    words = _SORT_PREFIX.sub("", stem).replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]
