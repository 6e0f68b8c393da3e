"""Pages that repeat others, and text that all pages repeat."""

from __future__ import annotations

import pytest

from local.learn.duplicates import find_duplicates, preferred
from local.learn.page import Page
from local.learn.repeated import repeated_blocks, without_repeated
from local.learn.similarity import digest, resemblance

TEA = "Green tea costs four euros.\nIt comes from Uji.\nIt is sold in bags of 100 grams."
LONG = "\n".join(f"Paragraph {number} explains rule {number * 7} of the house." for number in range(30))


def page(name: str, text: str, title: str = "Tea", canonical: str = "") -> Page:
    return Page(f"https://example.com/{name}", title, text, canonical=canonical)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (TEA, TEA.upper().replace("\n", "\n\n"), True),
        (TEA, f"{TEA}\nAnd it is green.", True),
        (TEA, "\n".join(reversed(TEA.split("\n"))), True),
        (LONG, f"{LONG}\nPrinted on 3 November 2026.", True),
        (LONG, LONG.replace("rule 7 ", "rule 8 "), True),
        (TEA, TEA.replace("four", "five"), False),
        (TEA, TEA.replace("Green", "Black"), False),
        (LONG, LONG.replace("house", "garden"), False),
    ],
)
def test_pages_of_one_title(one: str, other: str, same: bool) -> None:  # noqa: FBT001 - a parameter of the test
    longer, shorter = sorted([page("a", one), page("b", other)], key=lambda each: -len(each.text))
    expected = {shorter.name: longer.name} if same else {}
    assert find_duplicates([longer, shorter]) == expected


def test_pages_with_different_titles_and_nearly_the_same_text_both_stay() -> None:
    changed = LONG.replace("rule 7 ", "rule 8 ")
    assert find_duplicates([page("a", LONG, "Rules"), page("b", changed, "Old rules")]) == {}


def test_page_that_names_its_original_needs_less_in_common() -> None:
    original = page("a", TEA)
    other = page("b", f"{TEA}\nPrinted on 3 November.", canonical=original.name)
    assert find_duplicates([original, other]) == {other.name: original.name}
    elsewhere = page("b", "Coffee costs five euros.", canonical=original.name)
    assert find_duplicates([original, elsewhere]) == {}


def test_original_is_preferred_then_the_shorter_address() -> None:
    pages = [page("b", TEA, canonical="https://example.com/long-name"), page("cc", TEA), page("c", TEA)]
    pages.append(page("long-name", TEA))
    ordered = [each.name[20:] for each in preferred({each.name: each for each in pages})]
    assert ordered == ["long-name", "c", "cc", "b"]


def test_resemblance() -> None:
    assert resemblance("one two three", "One, two three!") == 1
    assert resemblance("one two three four", "one two three five") == 1 / 3
    assert resemblance("one two three", "four five six") == 0
    assert resemblance("", "") == 1
    assert digest("Tea: 4.50 euros") == digest("tea 4.50 EUROS")
    assert digest("4.50") != digest("4.5 0")


def templated(name: str, content: str, *, bounded: bool = False) -> Page:
    return Page(name, name, f"Menu\n\nSearch\n\n{content}\n\nAddress\n\nRights", bounded=bounded)


def test_beginnings_and_ends_that_pages_share_are_removed() -> None:
    pages = [templated(str(number), f"In stock\n\nItem {number}\n\nIn stock") for number in range(6)]
    pages += [Page("x", "x", "Other template\n\nText", bounded=False)]
    repeated = repeated_blocks(pages)
    assert (
        without_repeated(templated("7", "Item 7\n\nMenu\n\nMore"), repeated).text == "Item 7\n\nMenu\n\nMore"
    )
    assert (
        without_repeated(templated("7", "Item 7"), repeated, keep_end=True).text
        == "Item 7\n\nAddress\n\nRights"
    )
    assert without_repeated(pages[-1], repeated) == pages[-1]


def test_pages_that_mark_their_main_part_are_left_alone() -> None:
    pages = [templated(str(number), f"Item {number}", bounded=True) for number in range(6)]
    assert repeated_blocks(pages) == set()
    assert without_repeated(pages[0], {digest("Menu")}) == pages[0]


def test_four_pages_are_too_few_to_tell() -> None:
    assert repeated_blocks([templated(str(number), f"Item {number}") for number in range(4)]) == set()
