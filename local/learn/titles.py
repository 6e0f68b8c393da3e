"""Titles that tell the pages of a website apart."""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from typing import TYPE_CHECKING

from local.learn.knowledge_file import title_from
from local.learn.reading.text import one_line
from local.learn.similarity import digest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from local.learn.page import Page

# Two pages may have the same title by chance.
_MIN_PAGES = 3
# What stands between the title of a page and the name of its website.
_SEPARATOR = re.compile(r"\s+[|–—·•:»~-]+\s+")  # noqa: RUF001 - that is what websites use
_HEADING = re.compile(r"^#{1,6} +(.+)$", re.MULTILINE)


def repeated_titles(pages: Iterable[Page]) -> set[str]:
    """The digests of the titles, and of the last parts of titles, that at least three pages have."""
    parts = ({digest(page.title), digest(_last_part(page.title))} for page in pages)
    counts = Counter(part for both in parts for part in both)
    return {part for part, count in counts.items() if count >= _MIN_PAGES} - {digest("")}


def with_own_title(page: Page, repeated: Collection[str], *, is_home: bool) -> Page:
    """`page` with a title of its own, without the name of the website; only its home may be called by that.

    A page without one gets that of its first heading, or one made of its address.
    """
    title, last = page.title, _last_part(page.title)
    if last and digest(last) in repeated:
        title = title[: list(_SEPARATOR.finditer(title))[-1].start()]
    if not title or (digest(title) in repeated and not is_home):
        heading = _HEADING.search(page.text)
        title = one_line(heading[1].replace("*", "").strip("# ")) if heading else title_from(page.name)
    return dataclasses.replace(page, title=title)


def _last_part(title: str) -> str:
    """What comes after the last separator, or ''."""
    parts = _SEPARATOR.split(title)
    return parts[-1] if len(parts) > 1 else ""
