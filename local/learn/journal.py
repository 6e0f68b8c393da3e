"""What has been read but not yet written, so that an interrupted run continues where it was."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

from local.learn.page import Page

if TYPE_CHECKING:
    from pathlib import Path

_FINISHED = {"finished": True}


class Journal:
    """The pages that have been read since knowledge was last written, in a file with one page a line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pages, self._recent = _load(self._path)

    @property
    def interrupted(self) -> int:
        """The number of pages that an interrupted run has read."""
        return len(self._recent)

    def recent(self, name: str) -> Page | None:
        """The page, if an interrupted run has read it: it need not be fetched again."""
        return self._pages[name] if name in self._recent else None

    def page(self, name: str) -> Page | None:
        """The page as it was read, however long ago."""
        return self._pages.get(name)

    def add(self, page: Page) -> None:
        """Note a page that has just been read."""
        self._pages[page.name] = page
        self._append(dataclasses.asdict(page))

    def finish(self) -> None:
        """Note that everything has been read: from now on, pages are asked for again."""
        self._append(_FINISHED)

    def delete(self) -> None:
        """Forget everything, because it has been written."""
        self._path.unlink(missing_ok=True)

    def _append(self, entry: dict[str, Any]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"{json.dumps(entry, ensure_ascii=False)}\n")


def _load(path: Path) -> tuple[dict[str, Page], set[str]]:
    """The pages in the file, and the names of those that a run has read that was not finished.

    A line that was torn is skipped.
    """
    pages: dict[str, Page] = {}
    recent: set[str] = set()
    try:
        lines = path.read_text("utf-8", "replace").split("\n")
    except OSError:
        return {}, set()
    for line in lines:
        try:
            entry = json.loads(line)
            if entry == _FINISHED:
                recent.clear()
                continue
            page = Page(**entry | {"links": tuple(entry["links"])})
        except (ValueError, TypeError, KeyError):
            continue
        pages[page.name] = page
        recent.add(page.name)
    return pages, recent
