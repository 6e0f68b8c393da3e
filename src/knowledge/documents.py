"""What the agent knows: the owner's Markdown, as one text for the model and as sections to search.

No Markdown library is used: this runs at start-up in WebAssembly, where each import costs time, and what
is needed here are headings (lines that start with `#`) and the text between them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n.*?\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*$")
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_ORDER = re.compile(r"^[\d._ -]+(?=\D)")

NO_KNOWLEDGE = (
    "The agent knows nothing yet: put at least one Markdown file with text about your business into the "
    "knowledge folder."
)


@dataclass(frozen=True, slots=True)
class Section:
    """The text beneath one heading, up to the next heading of any level.

    `path` holds the headings from the outermost to its own; text before the first heading of a file stands
    under the file's name ('10-opening-hours.md' is 'Opening hours'). `text` is Markdown, and empty where a
    heading is followed by another at once.
    """

    document: str
    path: tuple[str, ...]
    text: str


def knowledge_text(documents: Mapping[str, str]) -> str:
    """All `documents` (text by file name) as one Markdown text, in the order of the file names.

    Front matter and comments (`<!-- … -->`) are left out: they are the owner's notes. Raises
    `ConfigurationError` where nothing is left.
    """
    texts = [cleaned for _, text in sorted(documents.items()) if (cleaned := _clean(text))]
    if not texts:
        raise ConfigurationError(NO_KNOWLEDGE)
    return "\n\n".join(texts)


def parse_knowledge(documents: Mapping[str, str]) -> tuple[Section, ...]:
    """The sections of all `documents` in order. Raises `ConfigurationError` where there is none."""
    sections = tuple(
        section for name, text in sorted(documents.items()) for section in _sections(name, _clean(text))
    )
    if not any(section.text for section in sections):
        raise ConfigurationError(NO_KNOWLEDGE)
    return sections


def _clean(text: str) -> str:
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    return _COMMENT.sub("", _FRONT_MATTER.sub("", text)).strip()


def _sections(document: str, text: str) -> list[Section]:
    found: list[Section] = []
    headings: dict[int, str] = {}
    lines: list[str] = []
    fenced = False

    def close() -> None:
        body = "\n".join(lines).strip()
        if headings or body:
            path = tuple(headings[level] for level in sorted(headings)) or (_title(document),)
            found.append(Section(document, path, body))
        lines.clear()

    for line in text.split("\n"):
        fenced ^= bool(_FENCE.match(line))
        heading = None if fenced else _HEADING.match(line)
        if not heading:
            lines.append(line)
            continue
        close()
        level = len(heading[1])
        headings = {outer: title for outer, title in headings.items() if outer < level} | {level: heading[2]}
    close()
    return found


def _title(document: str) -> str:
    """A file's name as a heading: '10-opening-hours.md' is 'Opening hours'."""
    stem = document.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    words = _ORDER.sub("", stem).replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]
