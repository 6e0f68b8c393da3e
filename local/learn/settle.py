"""What is learned of all that a source has: no page twice, and none with what all pages repeat."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from local.learn.duplicates import find_duplicates, preferred
from local.learn.repeated import repeated_blocks, without_repeated
from local.learn.titles import repeated_titles, with_own_title

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from local.learn.page import Harvest, Page


def settle(harvest: Harvest, repeated: Collection[str], learned: Callable[[str], Page]) -> list[str]:
    """Reduce `harvest` to the pages that are to be in the knowledge; the others go to `left_out`.

    `repeated` are the digests of what the source was found to repeat before; `learned` gives the page in the
    knowledge by its name. Returns the digests of what the source repeats.
    """
    read = harvest.pages
    known = {*repeated, *repeated_blocks(read.values()), *repeated_titles(read.values())}
    pages = {name: without_repeated(page, known) for name, page in read.items()}
    for name in [name for name, page in pages.items() if not page.text]:
        harvest.left_out[name] = "no text besides what all pages have"
        del pages[name]
    duplicates = find_duplicates([*map(learned, sorted(harvest.unchanged)), *preferred(pages)])
    harvest.left_out |= {name: f"the same as {other}" for name, other in duplicates.items() if name in pages}
    harvest.unchanged -= duplicates.keys()
    kept = {name: page for name, page in pages.items() if name not in duplicates}
    home = _home(duplicates.get(harvest.start, harvest.start), kept, harvest.unchanged)
    harvest.pages = {name: with_own_title(page, known, is_home=name == home) for name, page in kept.items()}
    if home in kept:
        harvest.pages[home] = _with_surroundings(harvest.pages[home], read[home], known)
    return sorted(known)


def _home(start: str, kept: dict[str, Page], unchanged: Collection[str]) -> str:
    """The page that keeps what is around the pages of a website: its start page, if that is learned."""
    if start in kept or unchanged or not kept:
        return start
    return preferred(kept)[0].name


def _with_surroundings(page: Page, read: Page, repeated: Collection[str]) -> Page:
    """`page` with the footer that it had when it was `read`, whether the page marks it as such or not."""
    text = without_repeated(read, repeated, keep_end=True).text
    return dataclasses.replace(page, text="\n\n".join(filter(None, [text, page.around])))
