"""Text that a website repeats on its pages, where the pages do not mark their main part themselves."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import TYPE_CHECKING

from local.learn.similarity import digest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from local.learn.page import Page

# Fewer pages may begin or end with the same words by chance.
_MIN_PAGES = 5
# What follows a repeated paragraph is repeated too if it does so on this share of the pages.
_MIN_SHARE = 0.8


def repeated_blocks(pages: Iterable[Page]) -> set[str]:
    """The digests of the paragraphs with which several pages begin or end: headers, menus and footers."""
    unbounded = (page.text.split("\n\n") for page in pages if not page.bounded)
    texts = [[digest(block) for block in blocks] for blocks in unbounded]
    return _common_beginnings(texts) | _common_beginnings([text[::-1] for text in texts])


def without_repeated(page: Page, repeated: Collection[str], *, keep_end: bool = False) -> Page:
    """`page` without the repeated paragraphs at its beginning and, unless `keep_end`, at its end."""
    if page.bounded:
        return page
    blocks = page.text.split("\n\n")
    while blocks and digest(blocks[0]) in repeated:
        blocks.pop(0)
    while blocks and not keep_end and digest(blocks[-1]) in repeated:
        blocks.pop()
    return dataclasses.replace(page, text="\n\n".join(blocks))


def _common_beginnings(texts: list[list[str]]) -> set[str]:
    """The blocks with which several of `texts` begin; each template of a website has its own."""
    firsts = Counter(text[0] for text in texts)
    common: set[str] = set()
    for first, count in firsts.items():
        if count >= _MIN_PAGES:
            common |= _shared_by([text for text in texts if text[0] == first])
    return common


def _shared_by(texts: list[list[str]]) -> set[str]:
    """The blocks that nearly all of `texts` have at the same place, up to where they differ."""
    shared: set[str] = set()
    for place in range(max(map(len, texts))):
        blocks = Counter(text[place] for text in texts if place < len(text))
        block, count = blocks.most_common(1)[0]
        if count < max(_MIN_PAGES, _MIN_SHARE * len(texts)):
            break
        shared.add(block)
    return shared
