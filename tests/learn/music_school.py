"""The website of an invented music school: three hundred pages from five templates, and traps.

There is no sitemap. Pages that do not exist answer with status 200.
"""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

from tests.learn.files import price_list, word
from tests.learn.web_server import Answer, Site, redirect

if TYPE_CHECKING:
    from collections.abc import Iterable

COURSES, TEACHERS, POSTS, ROOMS, QUESTIONS = 60, 80, 110, 30, 16
# The start page, five lists, two documents, and the page in Latin-1.
OTHERS = 9
PAGES = COURSES + TEACHERS + POSTS + ROOMS + QUESTIONS + OTHERS
INSTRUMENTS = ("violin", "viola", "cello", "flute", "oboe", "clarinet", "horn", "trumpet", "harp", "piano")
LEVELS = ("for beginners", "for children", "for teenagers", "for adults", "in groups", "for ensembles")
TOWNS = ("Aldbury", "Brixworth", "Calstock", "Dunster", "Elstow", "Fowey", "Gressing", "Hexton", "Ivybridge")
FIRST_NAMES = ("Ada", "Bruno", "Clara", "Dmitri", "Elena", "Felix", "Greta", "Hugo", "Irma", "Jonas")
LAST_NAMES = ("Abel", "Brandt", "Corelli", "Dahl", "Ekman", "Farrar", "Grieve", "Holst")
ADDRESS = "Marlow Music School, 12 Mill Lane, Bath. Telephone 01225 111222."
MENU = """<ul><li><a href="/">Home</a></li><li><a href="/courses">Courses</a></li>
<li><a href="/teachers">Teachers</a></li><li><a href="/news">News</a></li><li><a href="/rooms">Rooms</a></li>
<li><a href="/questions">Questions</a></li><li><a href="/account">Account</a></li>
<li><a href="/members">Members</a></li><li><a href="/calendar?month=2026-11">Calendar</a></li></ul>"""
START = f"""<h1>Marlow Music School</h1><p>Lessons in {", ".join(INSTRUMENTS)} since 1974.</p>
<p>See the <a href="/files/prices.pdf">price list</a>, our <a href="/files/terms.docx">terms</a> and
<a href="/history">history</a>, or <a href="/courses?utm_source=start">all courses</a>.</p>
<p><a href="/loop-a">A loop</a>, <a href="/archive">the archive</a>, <a href="/bomb">a bomb</a>,
<a href="/elsewhere">elsewhere</a>, <a href="/private/plans">plans</a>, <a href="/old-page">old page</a>,
<a href="/photo.jpg">photo</a>, <a href="mailto:a@b.example">mail</a>,
<a href="https://other.example/">link</a>, <a href="javascript:alert(1)">script</a>,
<a href="http://[bad">bad</a>, <a href="/broken">broken</a></p>"""
HISTORY = """<html><head><title>History</title></head><body><h1>History</h1>
<p>Der Flügel aus Köln, gekauft für £950, steht seit 1974 im großen Saal.</p></body></html>"""


def course_price(number: int) -> int:
    """The price of a course in pounds; no two courses cost the same."""
    return 101 + 7 * number


def music_school() -> Site:
    """The website."""
    site = Site(other=_missing_or_calendar)
    site.page("/", _modern("Marlow Music School", START))
    _add_lists(site)
    for number in range(COURSES):
        site.page(f"/courses/{number}", course(number))
    for number in range(TEACHERS):
        site.page(f"/teachers/{number}.html", _teacher(number))
    for number in range(POSTS):
        site.page(f"/news/post-{number}", _post(number), has_etag=number % 2 == 0)
    for number in range(ROOMS):
        site.page(f"/rooms/{number}", _room(number))
    for number in range(QUESTIONS):
        site.page(f"/questions/{number}", _questions(number))
    _add_documents(site)
    _add_traps(site)
    return site


def _add_lists(site: Site) -> None:
    lists = {
        "courses": [f"/courses/{number}" for number in range(COURSES)],
        "teachers": [f"/teachers/{number}.html" for number in range(TEACHERS)],
        "rooms": [f"/rooms/{number}" for number in range(ROOMS)],
        "questions": [f"/questions/{number}" for number in range(QUESTIONS)],
        "news": [f"/news/post-{number}" for number in range(POSTS)],
    }
    for name, links in lists.items():
        text = f"<h1>Our {name}</h1><p>Here are all {len(links)} of our {name}.</p>"
        site.page(f"/{name}", _modern(f"Our {name}", text + _links(links)))


def _add_documents(site: Site) -> None:
    rows = [("Instrument", "Hire per term", "Deposit")]
    rows += [(name.title(), f"£{30 + number}", f"£{200 + number}") for number, name in enumerate(INSTRUMENTS)]
    site.pages["/files/prices.pdf"] = Answer(price_list(rows, "Instrument hire"), "application/pdf")
    terms = word(
        "Terms of business",
        {"Cancelling": ["A lesson cancelled two days before costs nothing.", "Later, it is paid in full."]},
        [["Notice", "Fee"], ["Two days", "none"], ["Less", "the whole lesson"]],
    )
    site.pages["/files/terms.docx"] = Answer(terms, "application/octet-stream")
    site.pages["/history"] = Answer(HISTORY.encode("latin-1"), "text/html")


def _add_traps(site: Site) -> None:
    site.pages["/robots.txt"] = Answer("User-agent: *\nDisallow: /private/\n", "text/plain")
    site.page("/private/plans", _modern("Plans", "<h1>Plans</h1><p>Nobody may know.</p>"))
    site.pages["/account"] = redirect("/login?next=/account")
    login = "<h1>Log in</h1><form><input type=password></form>"
    site.page("/login?next=/account", _modern("Log in", login))
    site.page("/members", _modern("Members", f"<p>Members only.</p>{login}"))
    site.pages["/loop-a"], site.pages["/loop-b"] = redirect("/loop-b"), redirect("/loop-a")
    site.page(
        "/archive", _modern("Archive", f"<h1>Archive</h1><p>{'All our old programmes. ' * 220_000}</p>")
    )
    bomb = gzip.compress(b"<p>" + b"0" * 50_000_000)
    site.pages["/bomb"] = Answer(bomb, headers={"Content-Encoding": "gzip"})
    site.pages["/elsewhere"] = redirect("http://169.254.169.254/latest/meta-data/")
    site.pages["/old-page"] = redirect("/courses/3")
    site.page("/courses/5?ref=news", course(5))
    site.page("/courses/5?print=1", course(5).replace("</main>", "<p>Printed on 3 November.</p></main>"))


def _missing_or_calendar(path: str) -> Answer:
    if not path.startswith("/calendar?month="):
        text = f"<h1>Page not found</h1><p>We have no page {path}.</p>"
        return Answer(_modern("Page not found", text))
    year, month = map(int, path.removeprefix("/calendar?month=").split("-"))
    after = f"{year + month // 12}-{month % 12 + 1:02}"
    text = f"<h1>Calendar for {year}-{month:02}</h1><p>No concerts this month.</p>"
    return Answer(_modern("Calendar", f'{text}<a href="/calendar?month={after}">Next month</a>'))


def course(number: int) -> str:
    """The page of a course."""
    instrument, level = INSTRUMENTS[number % 10], LEVELS[number // 10]
    name = f"{instrument.title()} {level}"
    return _modern(
        name,
        f"""<h1>{name}</h1><p>Learn the {instrument} {level}, in room {number % ROOMS}.</p>
        <h2>Prices</h2><table><tr><th>What</th><th>Price</th></tr>
        <tr><td>Term</td><td>£{course_price(number)}</td></tr><tr><td>Trial</td><td>£9</td></tr></table>
        <h2>When</h2><dl><dt>Monday</dt><dd>{8 + number % 9}:15</dd><dt>Friday</dt><dd>closed</dd></dl>
        <p><a href="/courses/5?ref=news">Compare</a> <a href="/courses/5?print=1">Print</a></p>""",
        canonical=f"/courses/{number}",
    )


def _teacher(number: int) -> str:
    name = f"{FIRST_NAMES[number % 10]} {LAST_NAMES[number // 10]}"
    town, instrument = TOWNS[(number * 7) % 9], INSTRUMENTS[(number * 3) % 10]
    return _divs(
        name,
        f"""<div class=headline><h2>{name}</h2></div>
        <div>{name} comes from {town} and has taught the {instrument} for {3 + number} years.</div>
        <div>Call <a href="tel:+441225{number:06}">{name}</a>.</div>""",
    )


def _post(number: int) -> str:
    town = TOWNS[number % 9]
    return f"""<!doctype html><html><head><title>Concert {number} | Marlow</title>
        <meta property="article:published_time" content="2026-0{1 + number % 9}-11T10:00:00Z"></head>
        <body><header><nav>{MENU}</nav></header>
        <article><header><h1>Concert {number} in {town}</h1></header>
        <p>On evening {number} we played in {town}, before {100 + number} people.</p>
        <ul><li>Encore {number}</li></ul></article>
        <aside class=sidebar><h3>Recent</h3>{_links(["/news/post-1", "/news/post-2"])}</aside>
        <footer><p>{ADDRESS}</p></footer></body></html>"""


def _room(number: int) -> str:
    text = f"Room {number} has {10 + number} seats and costs £{20 + number} an hour."
    return _divs(f"Room {number}", f"<h2>Room {number}</h2><p>{text}</p>")


def _questions(number: int) -> str:
    subject = f"{INSTRUMENTS[number % 10]} {LEVELS[number // 10]}"
    return _modern(
        f"Questions about {subject}",
        f"""<h1>Questions about {subject}</h1>
        <details><summary>Can I hire one?</summary>
        <p>Yes, for £{40 + number} a term, but not the strings of the {subject}.</p></details>
        <h3><button aria-expanded=false>Is it loud?</button></h3>
        <div hidden><p>Up to {80 + number} decibels.</p></div>""",
    )


def _modern(title: str, main: str, canonical: str = "") -> str:
    link = f'<link rel="canonical" href="{canonical}">' if canonical else ""
    return f"""<!doctype html><html lang=en>
        <head><meta charset=utf-8><title>{title} | Marlow</title>{link}</head>
        <body><header><a href="/">Marlow</a><nav>{MENU}</nav></header>
        <div class=cookie-banner>We use cookies. <button>Accept</button></div>
        <main>{main}</main><footer><p>{ADDRESS}</p>{MENU}</footer></body></html>"""


def _divs(title: str, text: str) -> str:
    """A page whose parts are all alike to a program."""
    return f"""<html><head><title>{title}</title></head>
        <body><div id=top><div>Marlow Music School of Bath</div>{MENU}</div>
        <table role=presentation><tr><td>{text}</td></tr></table>
        <div class=bottom><p>{ADDRESS}</p><p>All rights reserved by the school.</p></div></body></html>"""


def _links(targets: Iterable[str]) -> str:
    return "<ul>" + "".join(f'<li><a href="{target}">{target}</a></li>' for target in targets) + "</ul>"
