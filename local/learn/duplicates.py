"""Pages that say nothing that another page does not say."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from local.learn.similarity import digest, resemblance, statements_of, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from local.learn.page import Page

# Two pages of one title that share this much are one page in two forms, such as a print version.
_NEARLY_THE_SAME = 0.9
# A page that names another one as its original is the same in another form if it shares this much with it.
_AS_IT_SAYS = 0.5
# A statement that more pages have than this tells nothing about which of them are alike.
_MAX_COMMON = 50


def find_duplicates(pages: Iterable[Page]) -> dict[str, str]:
    """The names of the pages that repeat another one, each with the name of that other.

    Pages are preferred in the order in which they come. A page repeats another if the same words are on both,
    if all that it says is on the other, or if both have the same title and nearly the same text; much of the
    text is enough if it names the other one as its original.
    """
    kept = _Kept()
    found: dict[str, str] = {}
    for page in pages:
        original = kept.original_of(page)
        if original is None:
            kept.add(page)
        else:
            found[page.name] = original.name
    return found


def preferred(pages: Mapping[str, Page]) -> list[Page]:
    """`pages` with the ones first that should stay if there are duplicates.

    First those that others name as their original address, last those that name another one as theirs;
    of two that are alike in this, the one with the shorter address.
    """
    named = {page.canonical for page in pages.values()}
    return sorted(
        pages.values(),
        key=lambda page: (
            page.canonical not in {"", page.name},
            page.name not in named,
            len(page.name),
            page.name,
        ),
    )


class _Kept:
    """The pages that have been kept so far, found by what they say."""

    def __init__(self) -> None:
        self._by_digest: dict[str, Page] = {}
        self._by_statement: dict[str, list[Page]] = defaultdict(list)

    def add(self, page: Page) -> None:
        self._by_digest.setdefault(digest(page.text), page)
        for statement in statements_of(page.text):
            self._by_statement[statement].append(page)

    def original_of(self, page: Page) -> Page | None:
        same = self._by_digest.get(digest(page.text))
        return same or next((other for other in self._candidates(page) if _repeats(page, other)), None)

    def _candidates(self, page: Page) -> list[Page]:
        """The kept pages that share a statement with `page`, the most similar first."""
        shared: dict[str, int] = defaultdict(int)
        pages: dict[str, Page] = {}
        for statement in statements_of(page.text):
            for other in self._by_statement.get(statement, [])[:_MAX_COMMON]:
                shared[other.name] += 1
                pages[other.name] = other
        return [pages[name] for name in sorted(shared, key=lambda name: -shared[name])[:5]]


def _repeats(page: Page, other: Page) -> bool:
    if statements_of(page.text) <= statements_of(other.text):
        return True
    if words_of(page.title) != words_of(other.title):
        return False
    enough = _AS_IT_SAYS if page.canonical == other.name else _NEARLY_THE_SAME
    return resemblance(page.text, other.text) >= enough
