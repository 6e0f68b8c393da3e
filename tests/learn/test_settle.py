"""Titles that tell pages apart, and what is around them."""

from __future__ import annotations

import pytest

from local.learn.page import Harvest, Page
from local.learn.settle import settle

HOME = "https://example.com/"


def page(path: str, title: str, text: str = "", around: str = "") -> Page:
    return Page(f"{HOME}{path}", title, text or f"About {path or 'home'}, number {len(path)}.", around=around)


def settled(*pages: Page) -> dict[str, Page]:
    harvest = Harvest({each.name: each for each in pages}, start=HOME)
    settle(harvest, (), lambda name: harvest.pages[name])
    return {name.removeprefix(HOME): each for name, each in harvest.pages.items()}


@pytest.mark.parametrize("separator", [" | ", " – ", " - ", " · "])  # noqa: RUF001 - websites use it
def test_name_of_the_website_is_cut_off(separator: str) -> None:
    titles = ["Salon", f"Prices{separator}Salon", f"Hair – care{separator}Salon", f"Team{separator}Salon"]  # noqa: RUF001
    pages = settled(*(page(path, title) for path, title in zip(["", "a", "bb", "ccc"], titles, strict=True)))
    assert [each.title for each in pages.values()] == ["Salon", "Prices", "Hair – care", "Team"]  # noqa: RUF001


def test_shared_title_is_that_of_the_home_page_only() -> None:
    pages = settled(
        page("", "Salon"),
        page("prices", "Salon", "## Our *prices*\n\nA cut costs 25 euros."),
        page("opening-hours.html", "Salon", "Nine to five."),
    )
    assert [each.title for each in pages.values()] == ["Salon", "Our prices", "Opening hours"]


def test_two_pages_may_share_a_title() -> None:
    pages = settled(page("", "Welcome"), page("a", "Team | Salon"), page("bb", "Team | Salon"))
    assert [each.title for each in pages.values()] == ["Welcome", "Team | Salon", "Team | Salon"]


def test_footer_goes_to_the_page_that_stands_for_the_start_page() -> None:
    text = "Welcome to our salon."
    copy = Page(f"{HOME}index.html", "Salon", text, around="12 Mill Lane")
    start = Page(HOME, "Salon", text, canonical=copy.name, around="12 Mill Lane")
    pages = settled(start, copy, page("a", "Prices", around="12 Mill Lane"))
    assert {name: "12 Mill Lane" in each.text for name, each in pages.items()} == {
        "index.html": True,
        "a": False,
    }
