"""What is learned of all that a source has: no page twice, and none with what all pages repeat."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from local.learn.duplicates import find_duplicates, preferred
from local.learn.knowledge_file import title_from
from local.learn.repeated import repeated_blocks, without_repeated

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from local.learn.page import Harvest, Page


def settle(harvest: Harvest, repeated: Collection[str], learned: Callable[[str], Page]) -> list[str]:
    """Reduce `harvest` to the pages that are to be in the knowledge; the others go to `left_out`.

    `repeated` are the digests of what the source was found to repeat before; `learned` gives the page in the
    knowledge by its name. Returns the digests of what the source repeats.
    """
    known = {*repeated, *repeated_blocks(harvest.pages.values())}
    home = _home(harvest)
    pages = {name: _titled(_whole(page, known, is_home=name == home)) for name, page in harvest.pages.items()}
    harvest.left_out |= {
        name: "no text besides what all pages have" for name, page in pages.items() if not page.text
    }
    pages = {name: page for name, page in pages.items() if page.text}
    current = [learned(name) for name in sorted(harvest.unchanged)]
    duplicates = find_duplicates([*current, *preferred(pages)])
    harvest.left_out |= {name: f"the same as {other}" for name, other in duplicates.items() if name in pages}
    harvest.unchanged -= duplicates.keys()
    harvest.pages = {name: page for name, page in pages.items() if name not in duplicates}
    return sorted(known)


def _home(harvest: Harvest) -> str:
    """The page that keeps what is around the pages of a website: its start page, if that is learned."""
    if harvest.start in harvest.pages or harvest.unchanged or not harvest.pages:
        return harvest.start
    return preferred(harvest.pages)[0].name


def _whole(page: Page, repeated: Collection[str], *, is_home: bool) -> Page:
    page = without_repeated(page, repeated, keep_end=is_home)
    if not is_home or not page.around:
        return page
    return dataclasses.replace(page, text=f"{page.text}\n\n{page.around}")


def _titled(page: Page) -> Page:
    return page if page.title else dataclasses.replace(page, title=title_from(page.name))
