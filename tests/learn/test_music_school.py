"""A website of three hundred pages with traps: learned, and learned again after it has changed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.learn.learning import Learner
from tests.learn.music_school import (
    ADDRESS,
    COURSES,
    PAGES,
    POSTS,
    ROOMS,
    TEACHERS,
    course,
    course_price,
    music_school,
)
from tests.learn.web_server import served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.learn.page import Harvest
    from tests.learn.web_server import Site

# The first two months of the calendar: only then is it clear that it is endless.
MONTHS = 2
FIRST_SECONDS, AGAIN_SECONDS = 300, 20


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with served(music_school()) as school:
        yield school


@pytest.fixture(scope="module")
def learned(site: Site, tmp_path_factory: pytest.TempPathFactory) -> tuple[Learner, Harvest]:
    """The learner after a first run, and what that run found."""
    learner = Learner(tmp_path_factory.mktemp("school"))
    started = time.monotonic()
    learner.learn(site.address)
    assert time.monotonic() - started < FIRST_SECONDS
    return learner, learner.harvest


def test_every_page_is_learned_once(learned: tuple[Learner, Harvest]) -> None:
    sources = learned[0].sources()
    assert len(sources) == PAGES + MONTHS
    assert len(set(sources)) == len(sources)
    for folder, count in (("courses", COURSES), ("teachers", TEACHERS), ("rooms", ROOMS), ("news", POSTS)):
        assert len([source for source in sources if f"/{folder}/" in source]) == count


def test_every_price_is_learned_once(learned: tuple[Learner, Harvest]) -> None:
    text = "\n".join(learned[0].files().values())
    assert [text.count(f"| Term | £{course_price(number)} |") for number in range(COURSES)] == [1] * COURSES


@pytest.mark.parametrize(
    ("file", "facts"),
    [
        ("files/prices-pdf.md", ["| Instrument | Hire per term | Deposit |", "| Cello | £32 | £202 |"]),
        ("files/terms-docx.md", ["# Terms of business\n\n## Cancelling", "| Two days | none |"]),
        ("history.md", ["Der Flügel aus Köln, gekauft für £950"]),
        ("courses/7.md", ["| What | Price |\n| --- | --- |\n| Term | £150 |", "- Friday: closed"]),
        (
            "questions/3.md",
            ["**Can I hire one?**\n\nYes, for £43 a term, but not", "### Is it loud?\n\nUp to"],
        ),
        ("news/post-9.md", ['date: "2026-01-11"', "# Concert 9 in Aldbury", "- Encore 9"]),
        ("teachers/5.md", ["Call Felix Abel (+441225000005)."]),
        ("index.md", [ADDRESS]),
    ],
)
def test_facts_are_kept(learned: tuple[Learner, Harvest], file: str, facts: list[str]) -> None:
    text = learned[0].text_of(file)
    assert [fact for fact in facts if fact not in text] == []


def test_menus_and_notices_are_dropped_and_the_footer_is_kept_once(learned: tuple[Learner, Harvest]) -> None:
    text = "\n".join(learned[0].files().values())
    assert text.count(ADDRESS) == 1
    for boilerplate in ("cookies", "Accept", "- Home", "Recent", "All rights reserved"):
        assert boilerplate not in text


def test_traps_are_reported_with_the_reason(site: Site, learned: tuple[Learner, Harvest]) -> None:
    harvest = learned[1]
    reasons = {
        name.removeprefix(site.address): reason
        for name, reason in {**harvest.left_out, **harvest.failed}.items()
        if "month" not in name
    }
    assert reasons == {
        "/archive": "larger than 3 MB",
        "/bomb": "larger than 3 MB",
        "/broken": "there is no such page",
        "/courses/5?print=1": f"the same as {site.address}/courses/5",
        "/courses/5?ref=news": f"the same as {site.address}/courses/5",
        "/elsewhere": "redirects to another website (http://169.254.169.254/latest/meta-data/)",
        "/login?next=/account": "asks for a password",
        "/loop-a": "redirects in a circle",
        "/members": "asks for a password",
        "/private/plans": "robots.txt does not allow it",
    }
    assert "/private/plans" not in site.asked


def test_second_run_fetches_what_has_changed_and_finds_every_change(
    site: Site, learned: tuple[Learner, Harvest]
) -> None:
    learner, _ = learned
    before = learner.files()
    site.page("/courses/11", course(11).replace("£178", "£179"))
    site.page("/news/post-3", site.pages["/news/post-3"].data.decode().replace("103 people", "104 people"))
    removed = site.pages.pop("/rooms/7")
    site.page("/rooms", site.pages["/rooms"].data.decode().replace("/rooms/7", "/rooms/extra"))
    site.page("/rooms/extra", removed.data.decode().replace("17 seats", "99 seats"))
    site.forget_requests()
    started = time.monotonic()
    plan = learner.learn(site.address)
    assert time.monotonic() - started < AGAIN_SECONDS
    ends = [sorted(name.partition("/")[2] for name in names) for names in (plan.new, plan.changed, plan.gone)]
    assert ends == [["rooms/extra.md"], ["courses/11.md", "news/post-3.md", "rooms.md"], ["rooms/7.md"]]
    assert plan.unchanged == PAGES + MONTHS - 4
    # Sent in full are the half of the news that have no ETag, and two of the changed pages; one is gone.
    assert site.sent[304] == PAGES + MONTHS - POSTS // 2 - 2 - 1
    after = learner.files()
    assert {name for name in before if after.get(name) == before[name]} == {
        name for name in before if not name.endswith(tuple(ends[1] + ends[2]))
    }
    assert "£179" in learner.text_of("courses/11.md")
