"""A page as a file in the knowledge folder: its name, and what is in it."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from local.learn.reading.text import one_line
from local.learn.web.addresses import site_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from local.learn.page import Page

DOCUMENTS = "documents"
_MAX_PART = 60
_MAX_PARTS = 6
_UNSAFE = re.compile(r"[^\w-]+")
# Names that Windows keeps for devices.
_DEVICES = re.compile(r"^(?:con|prn|aux|nul|com\d|lpt\d)$")
_PAGE_SUFFIX = re.compile(r"\.(?:html?|xhtml|php|aspx?|jsp)$", re.IGNORECASE)
_HEADING_ONE = re.compile(r"^# ", re.MULTILINE)
_FRONT_MATTER = re.compile(r"\A---\n(.*?)\n---\n\n", re.DOTALL)


def is_address(name: str) -> bool:
    """Whether `name` is the address of a page, rather than the path of a file."""
    return name.startswith(("http://", "https://"))


def file_name(name: str, taken: Collection[str]) -> str:
    """The path, relative to the knowledge folder, for the page or file `name`: one that is not in `taken`.

    Whatever `name` is, the path stays in the folder, and every system accepts it.
    """
    path = (
        _page_path(name) if is_address(name) else f"{DOCUMENTS}/{_part(PurePosixPath(name).name) or 'file'}"
    )
    number, unique = 1, path
    while f"{unique}.md" in taken:
        number += 1
        unique = f"{path}-{number}"
    return f"{unique}.md"


def _page_path(url: str) -> str:
    parts = urlsplit(url)
    path = _PAGE_SUFFIX.sub("", unquote(parts.path))
    folders = list(filter(None, map(_part, path.split("/"))))[:_MAX_PARTS] or ["index"]
    if parts.query:
        folders[-1] += f"-{_part(unquote(parts.query))}"
    site = _part(site_of(url).replace(".", "_")).replace("_", ".")
    return "/".join([site, *folders])


def _part(text: str) -> str:
    """`text` as one part of a path: letters, digits and hyphens, in lower case."""
    name = unicodedata.normalize("NFC", text).lower()
    name = _UNSAFE.sub("-", name).strip("-_")[:_MAX_PART].strip("-_")
    return f"{name}-page" if _DEVICES.match(name) else name


def title_from(name: str) -> str:
    """A title for a page or file without one: 'price-list.pdf' becomes 'Price list'."""
    stem = PurePosixPath(unquote(urlsplit(name).path) if is_address(name) else name).stem
    words = re.sub(r"[-_\s]+", " ", stem).strip()
    return words[:1].upper() + words[1:]


def content_of(page: Page) -> str:
    """The file for `page`: front matter, which states the source and can hold nothing else, and the text."""
    source = "url" if is_address(page.name) else "source"
    facts = {"title": page.title, source: page.name, "date": page.date}
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in facts.items() if value]
    return "\n".join(["---", *lines, "---", "", body_of(page), ""])


def body_of(page: Page) -> str:
    """The text of `page`, under its title."""
    if _HEADING_ONE.search(page.text):
        return page.text
    first, _, rest = page.text.partition("\n")
    return f"# {page.title}\n\n{rest.strip() if one_line(first).strip('*# ') == page.title else page.text}"


def body_in(content: str) -> str:
    """The text in a file that `content_of` made."""
    return _FRONT_MATTER.sub("", content, count=1).strip()


def fingerprint(text: str) -> str:
    """A hash of `text`, by which a change is noticed."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
