"""The owner's Markdown documents as they come: without notes to oneself, and with what is said about each."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_FACT = re.compile(r"^(title|url):[ \t]*(.*?)[ \t]*$", re.MULTILINE | re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_SORT_PREFIX = re.compile(r"^[\d._ -]+(?=\D)")


@dataclass(frozen=True, slots=True)
class Document:
    """One file: its Markdown, and what its front matter says of it.

    Without a title there, `title` is made of the file's name ('10-opening-hours.md' becomes 'Opening hours').
    `url` is where visitors can read the same, if that is known.
    """

    name: str
    title: str
    url: str | None
    text: str


def read_documents(documents: Mapping[str, str]) -> list[Document]:
    """The documents with any text, from `documents` (text by file name), ordered by file name.

    Front matter and comments (`<!-- … -->`) are the owner's notes and are left out. Files whose name starts
    with an underscore are about the knowledge and no part of it.
    """
    read = (_document(name, text) for name, text in sorted(documents.items()) if not name.startswith("_"))
    return [document for document in read if document.text]


def _document(name: str, text: str) -> Document:
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    front = _FRONT_MATTER.match(text)
    facts = {fact.lower(): _value(value) for fact, value in _FACT.findall(front[1])} if front else {}
    url = facts.get("url", "")
    return Document(
        name=name,
        title=facts.get("title") or _title(name),
        url=url if url.startswith(("http://", "https://")) else None,
        text=_COMMENT.sub("", text[front.end() :] if front else text).strip(),
    )


def _value(written: str) -> str:
    """What a value in front matter says: owners quote it, or do not, and `voice-agent learn` writes JSON."""
    try:
        read = json.loads(written)
    except ValueError:
        read = written.strip("'\" ")
    return read if isinstance(read, str) else written


def _title(document: str) -> str:
    """Make a heading of a file name: '10-opening-hours.md' becomes 'Opening hours'."""
    stem = document.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    words = _SORT_PREFIX.sub("", stem).replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]
