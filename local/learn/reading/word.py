"""The text of a Word document."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import mammoth
from bs4 import BeautifulSoup

from local.learn.reading.document import Document, Unreadable
from local.learn.reading.markdown import to_markdown

# A long book is about 5 MB of XML. What unpacks to more is not a document.
_MAX_UNPACKED_BYTES = 100_000_000
# In addition to what mammoth knows.
_STYLES = "p[style-name='Title'] => h1.title:fresh\np[style-name='Subtitle'] => h2:fresh"


def read_word(data: bytes) -> Document:
    """Read a DOCX file: headings, paragraphs, lists and tables.

    Raises `Unreadable` if it unpacks to more than 100 MB or has no text, and anything if it is damaged.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if sum(part.file_size for part in archive.infolist()) > _MAX_UNPACKED_BYTES:
            raise Unreadable("unpacks to more than 100 MB")
    html = mammoth.convert_to_html(
        io.BytesIO(data), style_map=_STYLES, convert_image=mammoth.images.img_element(_no_image)
    ).value
    soup = BeautifulSoup(html, "lxml")
    heading = soup.find("h1")
    _put_headings_below(soup)
    text = to_markdown(soup)
    if not text:
        raise Unreadable("no text")
    return Document(" ".join(heading.get_text(" ").split()) if heading else "", text)


def _put_headings_below(soup: BeautifulSoup) -> None:
    """Put the headings below the document's title, if it has one."""
    if soup.select_one("h1.title"):
        for heading in soup.select("h1:not(.title), h2, h3, h4, h5"):
            heading.name = f"h{int(heading.name[1]) + 1}"


def _no_image(_: Any) -> dict[str, str]:
    return {"src": ""}
