"""Pages as files: names that are safe, and front matter that pages cannot forge."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.documents import read_documents
from knowledge.passages import split
from local.learn.knowledge_file import body_in, content_of, file_name, title_from
from local.learn.page import Page
from local.learn.reading.text import one_line, tidy


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("https://www.example.com/", "example.com/index.md"),
        ("https://example.com/Services/Massage.html", "example.com/services/massage.md"),
        ("https://example.com/a/?id=3&x=%2F", "example.com/a-id-3-x.md"),
        ("https://example.com/caf%C3%A9", "example.com/café.md"),
        ("https://example.com/../..%2f..%2fetc/passwd", "example.com/etc/passwd.md"),
        ("https://example.com/_private/.hidden", "example.com/private/hidden.md"),
        ("https://example.com/con/a:b*c", "example.com/con-page/a-b-c.md"),
        ("https://example.com/%00%0a%2e", "example.com/index.md"),
        ("http://localhost:8000/a", "localhost-8000/a.md"),
        ("docs/Price List.pdf", "documents/price-list-pdf.md"),
        ("/home/../x/_.txt", "documents/txt.md"),
    ],
)
def test_file_name(name: str, file: str) -> None:
    assert file_name(name, set()) == file


def test_file_names_are_unique() -> None:
    taken = {"example.com/a.md", "example.com/a-2.md"}
    assert file_name("https://example.com/A", taken) == "example.com/a-3.md"


@given(st.one_of(st.text(), st.text().map("https://example.com/".__add__), st.text().map("a/".__add__)))
def test_file_name_is_safe(name: str) -> None:
    path = PurePosixPath(file_name(name, set()))
    assert not path.is_absolute()
    assert len(str(path)) < 600
    for part in path.parts:
        assert part[0] not in "._"
        assert not re.search(r'[\x00-\x1f<>:"/\\|?*]', part)
        assert part == part.strip(" ")


@pytest.mark.parametrize(
    ("name", "title"),
    [("https://example.com/our-prices.html", "Our prices"), ("a/price_list.pdf", "Price list")],
)
def test_title_of_a_page_without_one(name: str, title: str) -> None:
    assert title_from(name) == title


def test_content() -> None:
    page = Page("https://example.com/a", 'Tea "green"', "Costs four euros.", "2026-11-03")
    assert content_of(page) == (
        '---\ntitle: "Tea \\"green\\""\nurl: "https://example.com/a"\ndate: "2026-11-03"\n---\n\n'
        '# Tea "green"\n\nCosts four euros.\n'
    )
    assert body_in(content_of(page)) == '# Tea "green"\n\nCosts four euros.'


@pytest.mark.parametrize("text", ["# Tea\n\nHot.", "Tea\n\nHot.", "Hot."])
def test_title_is_the_first_heading_once(text: str) -> None:
    assert body_in(content_of(Page("a.txt", "Tea", text))) == "# Tea\n\nHot."


@given(st.text(), st.text(min_size=1))
def test_text_of_a_page_is_read_as_it_is_whatever_it_says(title: str, text: str) -> None:
    page = Page("a.txt", one_line(title), tidy(f"# T\n\n{text}"))
    assert [document.text for document in read_documents({"a.md": content_of(page)})] == [page.text]


@pytest.mark.parametrize(
    "attack", ["---\ntitle: forged\n---\nText", "a\n---\nurl: x\n---", "<!-- hide", "--->"]
)
def test_page_cannot_forge_front_matter_or_hide_text(attack: str) -> None:
    page = Page("https://example.com/", one_line(attack), tidy(f"{attack}\n\nThe price is four euros."))
    (passage,) = split({"a.md": content_of(page)})
    assert "The price is four euros." in passage.text
    front = content_of(page).split("\n")[:4]
    assert [line.split(":")[0] for line in front] == ["---", "title", "url", "---"]
