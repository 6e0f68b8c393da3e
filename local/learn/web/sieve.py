"""Pages that only look as if there were something to learn from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.learn.similarity import digest, resemblance, words_of
from local.learn.web.addresses import path_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from local.learn.page import Page
    from local.learn.reading import Document
    from local.learn.web.frontier import Lead

# An address that no website has: what it answers tells how it answers for pages that do not exist.
NO_SUCH_PAGE = "/voice-agent-7f3q9x0z"
MISSING = "there is no such page"
ENDLESS = "one of an endless series of pages that say the same"
_NEARLY_THE_SAME = 0.9
# Pages in a row that differ in no more words than this, besides numbers, say nothing new.
_MAX_NEW_WORDS = 2
_MAX_SERIES_WORDS = 200


class Sieve:
    """Knows what a website says when it has nothing to say, and what it has said already."""

    def __init__(self, before: Callable[[str], Page | None]) -> None:
        """`before` gives the page at an address, if it has been read."""
        self.missing: Document | None = None
        self._before = before
        self._said: set[str] = set()

    def objection(self, page: Page, lead: Lead) -> str:
        """Why nothing can be learned from `page`, which was found as `lead`, or ''."""
        if self.missing and _alike(page, self.missing):
            return MISSING
        return ENDLESS if self._continues_a_series(page, lead) else ""

    def repeats(self, page: Page) -> bool:
        """Whether another page has said the same; the next one that does so repeats this one."""
        said = digest(page.text)
        repeats = said in self._said
        self._said.add(said)
        return repeats

    def _continues_a_series(self, page: Page, lead: Lead) -> bool:
        """Whether the words are those of the page before, which was itself found through one of its kind."""
        before = self._before(lead.parent) if lead.chain > 1 else None
        if before is None:
            return False
        words, known = _without_numbers(page.text), _without_numbers(before.text)
        return len(words) <= _MAX_SERIES_WORDS and len(words - known) <= _MAX_NEW_WORDS


def _alike(page: Page, missing: Document) -> bool:
    """Whether `page` says what a missing page says; both may quote the address that was asked for."""
    if words_of(page.title) != words_of(missing.title):
        return False
    said, other = page.text.replace(path_of(page.name), ""), missing.text.replace(NO_SUCH_PAGE, "")
    return resemblance(said, other) >= _NEARLY_THE_SAME


def _without_numbers(text: str) -> set[str]:
    return {word for word in words_of(text) if not word[0].isdigit()}
