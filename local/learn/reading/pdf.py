"""The text of a PDF file."""

from __future__ import annotations

import io
import logging
import re
import time
import unicodedata
from typing import TYPE_CHECKING

from pypdf import PdfReader
from pypdf.errors import DependencyError

from local.learn.reading.document import Document, Unreadable
from local.learn.reading.tables import table_of
from local.learn.reading.text import one_line, tidy

if TYPE_CHECKING:
    from collections.abc import Iterator

# A page takes a few hundredths of a second; a file that was made to be slow must not hold up the rest.
_MAX_SECONDS = 60.0
_COLUMNS = re.compile(r" {2,}")
# Fewer lines in columns are not a table.
_MIN_ROWS = 3
_LIGATURES = re.compile("[\ufb00-\ufb06]")
_DATE = re.compile(r"D:(\d{4})(\d{2})(\d{2})")
# It warns of every small fault in a file.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def read_pdf(data: bytes) -> Document:
    """Read a PDF file; the columns of a price list become a table.

    Raises `Unreadable` if it needs a password or consists of images, and anything if it is damaged.
    """
    try:
        document = _read(PdfReader(io.BytesIO(data)))
    except DependencyError as error:
        raise Unreadable("encrypted: save it without a password") from error
    if not document.text:
        raise Unreadable("no text: its pages are images, probably scans")
    return document


def _read(reader: PdfReader) -> Document:
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unreadable("needs a password")
    text = tidy("\n\n".join(_pages(reader)))
    about = reader.metadata
    if about is None:
        return Document("", text)
    return Document(one_line(about.title or ""), text, _date(str(about.get("/ModDate", ""))))


def _pages(reader: PdfReader) -> Iterator[str]:
    deadline = time.monotonic() + _MAX_SECONDS
    for page in reader.pages:
        yield _with_tables(page.extract_text(extraction_mode="layout", layout_mode_space_vertically=False))
        if time.monotonic() > deadline:
            raise Unreadable(f"takes more than {_MAX_SECONDS:.0f} s to read")


def _with_tables(layout: str) -> str:
    """`layout`, a page with its columns kept apart by spaces, as Markdown.

    At least three consecutive lines with the same number of columns, two or more, are a table.
    """
    blocks: list[str] = []
    table: list[list[str]] = []
    for line in [*_LIGATURES.sub(_letters, layout).splitlines(), ""]:
        cells = _COLUMNS.split(line.strip())
        if table and len(cells) != len(table[0]):
            blocks.append(_block(table))
            table = []
        if len(cells) > 1:
            table.append(cells)
        else:
            blocks.append(" ".join(line.split()))
    return "\n".join(blocks)


def _block(rows: list[list[str]]) -> str:
    if len(rows) >= _MIN_ROWS:
        return f"\n{table_of(rows)}\n"
    return "\n".join(" ".join(row) for row in rows)


def _letters(ligature: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", ligature[0])


def _date(value: str) -> str:
    found = _DATE.match(value)
    return "-".join(found.groups()) if found else ""
