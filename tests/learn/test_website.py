"""Websites of a few pages, each with one peculiarity."""

from __future__ import annotations

import gzip
import signal
from typing import TYPE_CHECKING

import pytest

from local.learn.run import Options
from tests.clocks import AutoClock
from tests.learn.learning import AT_ONCE, Learner
from tests.learn.web_server import Answer, Site, redirect, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def site() -> Iterator[Site]:
    with served(Site()) as served_site:
        yield served_site


@pytest.fixture
def learner(tmp_path: Path) -> Learner:
    return Learner(tmp_path)


def page(title: str, text: str = "", *links: str) -> str:
    anchors = "".join(f'<a href="{link}">{link}</a> ' for link in links)
    return f"<title>{title}</title><main><h1>{title}</h1><p>{text or f'About {title}.'}</p>{anchors}</main>"


def paths(learner: Learner, site: Site) -> list[str]:
    return [source.removeprefix(site.address) for source in learner.sources()]


def sitemap(*urls: str, kind: str = "urlset") -> str:
    entries = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    return (
        f'<?xml version="1.0"?><{kind} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</{kind}>'
    )


def test_sitemap_lists_the_pages_and_links_lead_to_documents(site: Site, learner: Learner) -> None:
    site.pages["/sitemap.xml"] = Answer(sitemap(f"{site.address}/a", "https://other.example/b"), "text/xml")
    site.page("/", page("Home", "Welcome", "/linked"))
    site.page("/a", page("A", "Listed", "/deep", "/hours.csv"))
    site.page("/linked", page("Linked", "In the menu", "/deeper"))
    site.page("/deep", page("Deep"))
    site.page("/deeper", page("Deeper"))
    site.pages["/hours.csv"] = Answer("Day,From\nMonday,9\n", "text/csv")
    learner.learn(site.address)
    assert paths(learner, site) == ["/", "/a", "/hours.csv", "/linked"]


def test_sitemaps_that_robots_names_and_indexes(site: Site, learner: Learner) -> None:
    robots = f"Sitemap: {site.address}/index.xml\nSitemap: https://other.example/sitemap.xml\n"
    site.pages["/robots.txt"] = Answer(robots, "text/plain")
    site.pages["/index.xml"] = Answer(sitemap(f"{site.address}/one.xml.gz", kind="sitemapindex"), "text/xml")
    packed = gzip.compress(sitemap(f"{site.address}/a").encode())
    site.pages["/one.xml.gz"] = Answer(packed, "application/gzip")
    site.page("/", page("Home"))
    site.page("/a", page("A"))
    learner.learn(site.address)
    assert paths(learner, site) == ["/", "/a"]


def test_entities_in_a_sitemap_are_not_resolved(site: Site, learner: Learner, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("a")
    file = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{tmp_path}/secret">]>'
    site.pages["/sitemap.xml"] = Answer(file + sitemap(f"{site.address}/&e;"), "text/xml")
    site.page("/", page("Home"))
    site.page("/a", page("A"))
    learner.learn(site.address)
    assert paths(learner, site) == ["/"]


def test_page_only(site: Site, learner: Learner) -> None:
    site.page("/a", page("A", "", "/b"))
    site.page("/b", page("B"))
    learner.learn(f"{site.address}/a")
    assert paths(learner, site) == ["/a"]
    assert "/sitemap.xml" not in site.asked


def test_include_and_exclude(site: Site, learner: Learner) -> None:
    footer = "<footer>12 Mill Lane</footer>"
    site.page("/", page("Home", "", "/shop", "/blog/1") + footer)
    site.page("/shop", page("Shop", "", "/shop/tea", "/shop/old") + footer)
    site.page("/shop/tea", page("Tea") + footer)
    site.page("/shop/old", page("Old"))
    site.page("/blog/1", page("Blog"))
    learner.learn(site.address, options=Options(("/shop/*",), ("/shop/old",), delay=0))
    assert paths(learner, site) == ["/shop", "/shop/tea"]
    assert "/blog/1" not in site.asked
    # What is around the pages is kept once, though the start page is not learned.
    assert "12 Mill Lane" in learner.text_of("shop.md")
    assert "12 Mill Lane" not in learner.text_of("tea.md")
    plan = learner.learn(site.address)
    assert paths(learner, site) == ["/", "/blog/1", "/shop", "/shop/old", "/shop/tea"]
    assert not plan.gone


def test_max_pages_leaves_the_others_as_they_are(site: Site, learner: Learner) -> None:
    site.page("/", page("Home", "", *(f"/{number}" for number in range(9))))
    for number in range(9):
        site.page(f"/{number}", page(f"Page number {number}", f"The price of {number} is {number * 7}."))
    learner.learn(site.address)
    plan = learner.learn(site.address, options=Options(max_pages=4, delay=0))
    assert not learner.harvest.complete
    assert (plan.changes, plan.unchanged) == (False, 10)


def test_part_of_a_website_is_asked_only_for_its_changes(site: Site, learner: Learner) -> None:
    site.page("/", page("Home", "", *(f"/{number}" for number in range(9))))
    for number in range(9):
        site.page(f"/{number}", page(f"Page number {number}", f"The price of {number} is {number * 7}."))
    part = Options(max_pages=4, delay=0)
    learner.learn(site.address, options=part)
    assert paths(learner, site) == ["/", "/0", "/1", "/2"]
    site.forget_requests()
    plan = learner.learn(site.address, options=part)
    assert (site.sent[304], plan.changes) == (4, False)
    learner.learn(site.address)
    assert len(learner.sources()) == 10


def test_crawl_delay_is_kept(site: Site, tmp_path: Path) -> None:
    site.pages["/robots.txt"] = Answer("User-agent: *\nCrawl-delay: 3\n", "text/plain")
    site.page("/", page("Home", "", "/a"))
    site.page("/a", page("A"))
    clock = AutoClock()
    learner = Learner(tmp_path, clock)
    start = clock.now()
    learner.learn(site.address)
    # The sitemap (two addresses), a page that does not exist, and the two pages.
    assert (clock.now() - start).total_seconds() == 5 * 3


@pytest.mark.parametrize("status", [500, 503])
def test_robots_that_cannot_be_read_forbid_everything(site: Site, tmp_path: Path, status: int) -> None:
    site.page("/", page("Home"))
    learner = Learner(tmp_path, AutoClock())
    learner.learn(site.address)
    site.pages["/robots.txt"] = Answer("", status=status)
    site.forget_requests()
    plan = learner.learn(site.address)
    assert "/" not in site.asked
    assert "robots.txt cannot be read" in next(iter(learner.harvest.failed.values()))
    assert paths(learner, site) == ["/"]
    assert (plan.changes, plan.unchanged) == (False, 1)


def test_pages_that_fail_for_a_while_are_kept_and_tried_again(site: Site, tmp_path: Path) -> None:
    site.page("/", page("Home", "", "/a", "/b"))
    site.page("/a", page("A", "The price of tea is four euros."))
    site.pages["/b"] = Answer("", status=500)
    learner = Learner(tmp_path, AutoClock())
    learner.learn(site.address)
    assert paths(learner, site) == ["/", "/a"]
    site.pages["/a"] = Answer("", status=500)
    site.page("/b", page("B"))
    plan = learner.learn(site.address)
    assert paths(learner, site) == ["/", "/a", "/b"]
    assert not plan.gone


def test_website_that_is_down_loses_nothing(tmp_path: Path) -> None:
    learner = Learner(tmp_path, AutoClock())
    with served(Site()) as site:
        site.page("/", page("Home", "", "/a"))
        site.page("/a", page("A"))
        learner.learn(site.address)
    plan = learner.learn(site.address)
    assert (plan.changes, plan.unchanged) == (False, 2)
    assert len(learner.sources()) == 2


def test_website_that_stops_answering_is_left_alone(tmp_path: Path) -> None:
    learner = Learner(tmp_path, AutoClock())
    with served(Site()) as site:
        site.page("/", page("Home", "", *(f"/{number}" for number in range(60))))

        def stop(path: str) -> Answer:
            if path.strip("/").isdigit():
                raise ConnectionError
            return Answer("", status=404)

        site.other = stop
        learner.read(site.address)
    reasons = list(learner.harvest.failed.values())
    assert "the website has stopped answering" in reasons
    # Three tries for each, and the few that were under way when the tenth had failed.
    assert len([path for path in site.asked if path.strip("/").isdigit()]) <= 3 * 14


def test_interrupted_run_continues(site: Site, learner: Learner) -> None:
    site.page("/", page("Home", "", *(f"/{number}" for number in range(30))))
    for number in range(30):
        site.page(f"/{number}", page(f"Page number {number}", f"The price of {number} is {number * 7}."))

    def interrupt(visited: int, _found: int) -> None:
        if visited == 12:
            signal.raise_signal(signal.SIGINT)  # as Ctrl-C does

    with pytest.raises(KeyboardInterrupt):
        learner.read(site.address, watch=interrupt)
    read_before = {path for path in site.asked if path.strip("/").isdigit() or path == "/"}
    assert not learner.folder.exists()
    site.forget_requests()
    run = learner.read(site.address)
    assert 12 <= run.resumed <= 20
    run.write()
    again = read_before & set(site.asked)
    # Those that were under way when the run was interrupted are asked for again.
    assert len(again) <= len(read_before) - 12
    assert len(learner.sources()) == 31


def test_declined_changes_are_found_again_at_little_cost(site: Site, learner: Learner) -> None:
    site.page("/", page("Home", "", "/a"))
    site.page("/a", page("A"))
    learner.read(site.address)
    site.page("/a", page("A", "Something new."))
    site.forget_requests()
    learner.learn(site.address)
    assert site.sent[304] == 1
    assert "Something new." in learner.text_of("a.md")


def test_duplicates_keep_the_page_that_they_name(site: Site, learner: Learner) -> None:
    canonical = f'<link rel="canonical" href="{site.address}/tea-green">'
    tea = page("Green tea", "Green tea costs four euros. It comes from Uji. It is sold in bags of 100 grams.")
    site.page("/", page("Home", "", "/t", "/tea-green", "/black"))
    site.page("/t", canonical + tea)
    site.page("/tea-green", canonical + tea)
    site.page("/black", page("Black tea", "Black tea costs five euros. It comes from Assam."))
    learner.learn(site.address)
    assert paths(learner, site) == ["/", "/black", "/tea-green"]


def test_wrong_canonical_addresses_lose_nothing(site: Site, learner: Learner) -> None:
    canonical = f'<link rel="canonical" href="{site.address}/">'
    site.page("/", canonical + page("Tea shop", "Welcome to us.", "/green", "/black"))
    site.page("/green", canonical + page("Tea shop", "Green tea costs four euros."))
    site.page("/black", canonical + page("Tea shop", "Black tea costs five euros."))
    learner.learn(site.address)
    assert paths(learner, site) == ["/", "/black", "/green"]


def test_lists_in_many_orders_are_given_up(site: Site, learner: Learner) -> None:
    def anything(path: str) -> Answer:
        if not path.startswith("/list?"):
            return Answer("", status=404)
        links = [f'<a href="/list?sort={path[11:]}{letter}">Sort</a>' for letter in "abc"]
        return Answer(page("List", f"Tea, coffee and cake. {' '.join(links)}"))

    site.page("/", page("Home", "Welcome", "/list?sort=a"))
    site.other = anything
    learner.learn(site.address)
    assert len([path for path in site.asked if path.startswith("/list?")]) < 150


def test_endless_calendar_with_a_page_for_each_day(site: Site, learner: Learner) -> None:
    def calendar(path: str) -> Answer:
        parts = path.strip("/").split("/")
        if parts[0] != "events":
            return Answer("", status=404)
        if len(parts) == 3:
            return Answer(page(f"Day {parts[2]} of month {parts[1]}", "No events on this day."))
        month = int(parts[1])
        text = "A concert by Ada Abel." if month == 9 else "No events this month."
        return Answer(
            page(
                f"Month {month}",
                text,
                f"/events/{month + 1}",
                *(f"/events/{month}/{day}" for day in range(9)),
            )
        )

    site.page("/", page("Home", "Welcome", "/events/1"))
    site.other = calendar
    learner.learn(site.address)
    # The days of the first two months, before it is clear that they go on, and of the one with an event.
    assert {path.split("/")[2] for path in paths(learner, site) if path != "/"} == {"1", "2", "9"}


def test_start_page_that_moves(site: Site, learner: Learner) -> None:
    site.pages["/"] = redirect("/en/")
    site.page("/en/", page("Home", "Welcome", "a", "../de/"))
    site.page("/en/a", page("A"))
    site.page("/de/", page("Zuhause"))
    learner.learn(site.address)
    assert paths(learner, site) == ["/de/", "/en/", "/en/a"]
    assert not learner.learn(site.address).changes


def test_page_that_no_link_leads_to_any_more_is_kept_while_it_exists(site: Site, learner: Learner) -> None:
    site.page("/", page("Home", "", "/a"))
    site.page("/a", page("A"))
    learner.learn(site.address)
    site.page("/", page("Home"))
    assert not learner.learn(site.address).gone
    del site.pages["/a"]
    assert list(learner.learn(site.address).gone.values()) == [f"{site.address}/a"]


def test_date_alone_is_no_change(site: Site, learner: Learner) -> None:
    site.pages["/"] = Answer(
        page("Home"), headers={"Last-Modified": "Tue, 03 Nov 2026 10:00:00 GMT"}, has_etag=False
    )
    learner.learn(site.address, options=AT_ONCE)
    site.pages["/"] = Answer(
        page("Home"), headers={"Last-Modified": "Wed, 04 Nov 2026 10:00:00 GMT"}, has_etag=False
    )
    assert not learner.learn(site.address).changes
    assert 'date: "2026-11-03"' in learner.text_of("index.md")
