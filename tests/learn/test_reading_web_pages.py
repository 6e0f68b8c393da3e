"""What of a web page becomes Markdown."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.learn.reading import Unreadable, WebPage, read_document

URL = "https://salon.example/prices"


def read(body: str, head: str = "") -> WebPage:
    page = read_document(f"<html><head>{head}</head><body>{body}</body></html>".encode(), "html", URL)
    assert isinstance(page, WebPage)
    return page


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        (
            "<div class=card><h3>Basic</h3><p>19 €</p></div><div class=card><h3>Plus</h3><p>29 €</p></div>",
            "### Basic\n\n19 €\n\n### Plus\n\n29 €",
        ),
        (
            "<table><tr><th>Cut</th><th>Price</th></tr><tr><td>Long<br>hair</td><td>a|b</td></tr></table>",
            "| Cut | Price |\n| --- | --- |\n| Long hair | a\\|b |",
        ),
        (
            "<table><tr><td>Mon</td><td>9</td></tr><tr><td>Tue</td><td>10</td></tr></table>",
            "| Mon | 9 |\n| --- | --- |\n| Tue | 10 |",
        ),
        (
            "<table><tr><th>Day<th>From</tr><tr><td rowspan=2>Mon<td>9</tr><tr><td>14</tr></table>",
            "| Day | From |\n| --- | --- |\n| Mon | 9 |\n| Mon | 14 |",
        ),
        ("<table><tr><td><h2>Hours</h2><p>Nine to five.</p></td></tr></table>", "## Hours\n\nNine to five."),
        ("<ul><li>Tea<ul><li>Green</li></ul></li><li>Milk</li></ul>", "- Tea\n  - Green\n- Milk"),
        ("<ol start=3><li>Cut</li><li>Dry</li></ol>", "3. Cut\n4. Dry"),
        (
            "<dl><dt>Monday:</dt><dd>closed</dd><dt>Tuesday</dt><dd>9</dd><dd>14</dd></dl>",
            "- Monday: closed\n- Tuesday: 9, 14",
        ),
        ("<dl><dt>Is it safe?</dt><dd>Yes.</dd></dl>", "**Is it safe?**\n\nYes."),
        ("<details><summary>Cards?</summary>No cheques.</details>", "**Cards?**\n\nNo cheques."),
        ("<details><summary><h3>Cards?</h3></summary><p>No.</p></details>", "### Cards?\n\nNo."),
        (
            "<h3><button aria-expanded=false>Parking?</button></h3><div hidden>Behind.</div>",
            "### Parking?\n\nBehind.",
        ),
        ("<p><a href='tel:+441225111222'>Call us</a></p>", "Call us (+441225111222)"),
        ("<p><a href='tel:+441225111222'>01225 111222</a></p>", "01225 111222"),
        ("<p><a href='mailto:a@b.example?subject=Hi'>Write</a></p>", "Write (a@b.example)"),
        ("<p><del>€30</del> <b>€25</b>, 5* and snake_case</p>", "~~€30~~ **€25**, 5* and snake_case"),
        ("<p>A<!-- no --> &lt;!-- shown --&gt; B\u200b\u202e</p>", "A <! -- shown --> B"),
        ("<p>One</p><script>x()</script><style>y</style><noscript>z</noscript><p>Two</p>", "One\n\nTwo"),
        ("<div class=menu><h2>Menu</h2><p>Soup €4</p></div>", "## Menu\n\nSoup €4"),
        ("<ul class=menu><li><a href=/>Home</a><li><a href=/a>A</a></ul><p>Hi</p>", "Hi"),
        ("<div id=cookie-banner>We use cookies</div><p>Hi</p>", "Hi"),
        ("<form><p>Cut: £5</p><label for=n>Name</label><input id=n><button>Go</button></form>", "Cut: £5"),
        ("<nav><a href=/>Home</a></nav><main><h1>Hi</h1></main><aside>Ad</aside>", "# Hi"),
        ("<header><h1>Spa</h1><p>Since 1990</p></header><p>Massage</p>", "# Spa\n\nSince 1990\n\nMassage"),
        (
            "<p>Tea</p><a class=btn href=b>Book now</a> <a class=button href=c>Cut: €5</a><p>Hot<p>Hot",
            "Tea\n\nCut: €5\n\nHot",
        ),
        ("<address><i>12 Mill Lane</i><br> Bath</address>", "12 Mill Lane\nBath"),
        ("<p>Zürich &amp; Köln&nbsp;„gut“</p>", "Zürich & Köln „gut“"),
    ],
)  # fmt: skip
def test_content_becomes_markdown(html: str, markdown: str) -> None:
    assert read(html).text == markdown


def test_facts_of_a_page() -> None:
    page = read(
        '<h1>Our <em>prices</em></h1><a href="/a">A</a> <a href="b#c">B</a> <a rel=nofollow href="/n">N</a>'
        '<footer><ul><li><a href="/imprint">Imprint</a></li></ul><p>12 Mill Lane</p></footer>',
        '<title>Prices | Salon</title><link rel=canonical href="/prices"><base href="https://salon.example/x/">'
        '<meta http-equiv="Refresh" content="0; url=/moved">'
        '<meta property="article:modified_time" content="2026-11-03T10:00:00Z">',
    )
    assert (page.title, page.date, page.canonical) == (
        "Our prices",
        "2026-11-03",
        "https://salon.example/prices",
    )
    links = ["/moved", "/a", "/x/b#c", "/imprint"]
    assert page.links == tuple(f"https://salon.example{link}" for link in links)
    assert page.around == "12 Mill Lane"


@pytest.mark.parametrize(
    ("head", "date"),
    [
        ('<script type="application/ld+json">{"dateModified": "2026-01-02T03:04:05"}</script>', "2026-01-02"),
        ('<meta name="date" content="yesterday">', ""),
        ("", ""),
    ],
)
def test_date(head: str, date: str) -> None:
    assert read("<p>Hi</p>", head).date == date


@pytest.mark.parametrize(
    ("html", "title"),
    [("<h1>One</h1>", "One"), ("<h1>One</h1><h1>Two</h1>", "Window"), ("<p>Text</p>", "Window")],
)
def test_title_is_the_only_first_heading_or_that_of_the_window(html: str, title: str) -> None:
    assert read(html, "<title>Window</title>").title == title


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<h1>Log in</h1><input type=password>", "asks for a password"),
        ("<main>Members<form><p>Name and word</p><input type=password></form></main>", "asks for a password"),
        ("<div id=root></div><script src=app.js></script>", "no text without JavaScript"),
        ("<nav><a href=/>Home</a></nav>", "no text"),
    ],
)
def test_page_with_nothing_to_learn(html: str, reason: str) -> None:
    with pytest.raises(Unreadable) as caught:
        read(html)
    assert str(caught.value) == reason


def test_login_window_over_a_page_is_dropped() -> None:
    window = "<div><form><p>Your name and password, please</p><input type=password></form></div>"
    assert read(f"{window}<main><p>Call 01225 111222</p></main>").text == "Call 01225 111222"


def test_long_page_with_a_password_field_is_read() -> None:
    assert "Massage" in read(f"<p>{'Massage costs 40 pounds. ' * 40}</p><input type=password>").text


def test_text_outside_a_tiny_main_part_is_kept() -> None:
    page = read(f"<main>Loading</main><div>{'Massage costs 40 pounds. ' * 10}</div>")
    assert "Massage" in page.text
    assert not page.bounded


@pytest.mark.parametrize("tags", ["<div>", "<ul><li>", "<table><tr><td>", "<b>", "<details>"])
def test_page_that_is_nested_too_deeply(tags: str) -> None:
    assert "Hi" in read(f"{tags * 30}Hi").text
    with pytest.raises(Unreadable, match="nested more than 150 levels deep"):
        read(f"{tags * 3000}Hi")


TAGS = """
    div p ul ol li table tr td th tbody caption dl dt dd h1 h2 details summary a b strong br img pre code
    span form label input button select main article header footer nav aside section blockquote script
    template svg math iframe base meta link title html body head frameset
"""
ATTRIBUTES = """
    rowspan=3 rowspan=99999 colspan=9999 colspan=x href=tel:1 href=http://[x class=menu class=btn id=a for=a
    type=password role=main aria-expanded=true start=99999999999999999999 rel=canonical hidden content
"""
TEXTS = ("Hi", "a|b", "<!--", "-->", "<![CDATA[", "\0", "# x", "\n\n", "`", "?", "12 €", "&#0;", "\u202e")


def one_of(words: str) -> st.SearchStrategy[str]:
    return st.sampled_from(words.split())


PIECES = st.one_of(
    st.builds("<{} {}>".format, one_of(TAGS), one_of(ATTRIBUTES)),
    one_of(TAGS).map("</{}>".format),
    st.sampled_from(TEXTS),
)


@given(st.lists(PIECES, max_size=60).map("".join))
def test_any_page_is_read_or_refused(html: str) -> None:
    with contextlib.suppress(Unreadable):
        page = read_document(html.encode(), "html", URL)
        assert page.text == page.text.strip()
        assert page.title
