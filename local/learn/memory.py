"""What is known of a source from earlier runs: pages in the knowledge, and pages that were read since."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.learn.knowledge_file import body_in
from local.learn.page import Page
from local.learn.state import is_as_written

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from local.learn.journal import Journal
    from local.learn.state import Learned


class SourceMemory:
    """Remembers one source. A page whose file was edited or deleted is asked for as if it were new."""

    def __init__(
        self, folder: Path, learned: Mapping[str, Learned], journal: Journal, *, ask_again: bool
    ) -> None:
        """`ask_again` says that every page is to be sent in full, because its links are needed."""
        self._folder = folder
        self._journal = journal
        self._intact = {
            name: page for name, page in learned.items() if not ask_again and is_as_written(folder, page)
        }

    def recent(self, name: str) -> Page | None:
        """The page as an interrupted run has read it."""
        return self._journal.recent(name)

    def page(self, name: str) -> Page | None:
        """The page as it was read since knowledge was last written."""
        return self._journal.page(name)

    def validators(self, name: str) -> Mapping[str, str]:
        """The headers with which to ask whether a page is still as it was; none if it has to be sent."""
        if page := self._journal.page(name):
            return page.validators
        return self._intact[name].validators if name in self._intact else {}

    def add(self, page: Page) -> None:
        """Note a page that has just been read."""
        self._journal.add(page)

    def learned(self, name: str) -> Page:
        """The page `name`, which is in the knowledge, from its file."""
        known = self._intact[name]
        text = body_in((self._folder / known.file).read_text("utf-8"))
        return Page(name, known.title, text, validators=known.validators)
