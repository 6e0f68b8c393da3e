"""Which reader reads what: by the type that a server states, by a file's name, or by its first bytes."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

from local.learn.reading.document import Document, Unreadable
from local.learn.reading.pdf import read_pdf
from local.learn.reading.tables import table_of
from local.learn.reading.text import declared_in_html, decode, one_line, tidy
from local.learn.reading.web_page import read_web_page
from local.learn.reading.word import read_word

if TYPE_CHECKING:
    from collections.abc import Mapping

# Kinds by suffix. Each kind is what it is called in a message.
SUFFIXES: Mapping[str, str] = {
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".txt": "txt",
    ".csv": "csv",
    ".tsv": "csv",
    ".md": "md",
    ".markdown": "md",
}
_TYPES: Mapping[str, str] = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "text/plain": "txt",
    "text/csv": "csv",
    "text/tab-separated-values": "csv",
    "text/markdown": "md",
}
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_TITLE = re.compile(r"^title:[ \t]*[\"']?(.*?)[\"']?[ \t]*$", re.MULTILINE)
_HEADING = re.compile(r"^#[ \t]+(.+?)[ \t]*#*$", re.MULTILINE)
_SNIFFED_BYTES = 8192
# The one that gives the first line the most columns is that of the file.
_DELIMITERS = ",;\t|"


def kind_of(name: str, content_type: str = "") -> str | None:
    """The kind of what is called `name` and was sent as `content_type`, or None if it is not supported.

    A type that says nothing (`application/octet-stream`, or none) leaves it to the name, and so does
    `text/plain`, as which servers send whatever they do not know.
    """
    suffix = name[name.rfind(".") :].lower() if "." in name.rpartition("/")[2] else ""
    by_type = _TYPES.get(content_type.partition(";")[0].strip().lower())
    if by_type not in {None, "txt"}:
        return by_type
    if by_type or not content_type or "octet-stream" in content_type:
        return SUFFIXES.get(suffix, by_type)
    return None


def read_document(data: bytes, kind: str, url: str = "", charset: str | None = None) -> Document:
    """Read `data`, a file of that `kind`, from the address `url` or a local file.

    `charset` is the encoding that the server states. Raises `Unreadable` with the reason.
    """
    try:
        return _read(data, kind, url, charset)
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable(f"damaged ({one_line(str(error))[:80] or type(error).__name__})") from error


def _read(data: bytes, kind: str, url: str, charset: str | None) -> Document:
    if kind == "pdf":
        return read_pdf(data)
    if kind == "docx":
        return read_word(data)
    if b"\0" in data[:_SNIFFED_BYTES] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable("not a text file")
    if kind == "html":
        return read_web_page(decode(data, charset or declared_in_html(data)), url)
    text = decode(data, charset)
    if not text.strip():
        raise Unreadable("empty")
    return {"csv": _read_csv, "md": _read_markdown}.get(kind, _read_text)(text)


def _read_csv(text: str) -> Document:
    lines = text.strip().splitlines()
    delimiter = max(_DELIMITERS, key=lambda one: len(next(csv.reader(lines, delimiter=one))))
    rows = [row for row in csv.reader(lines, delimiter=delimiter) if any(map(str.strip, row))]
    return Document("", tidy(table_of(rows)))


def _read_markdown(text: str) -> Document:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    front = _FRONT_MATTER.match(text)
    title = _TITLE.search(front[1]) if front else None
    body = tidy(text[front.end() :] if front else text)
    title = title or _HEADING.search(body)
    if not body:
        raise Unreadable("empty")
    return Document(one_line(title[1]) if title else "", body)


def _read_text(text: str) -> Document:
    return Document("", tidy(text))
