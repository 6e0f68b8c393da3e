"""The owner's files as documents: notes removed, front matter read."""

from __future__ import annotations

import pytest

from knowledge.documents import Document, read_documents


def test_documents_are_read_in_order_of_name() -> None:
    documents = {
        "20-b.md": "# B\n\nSecond.\n",
        "10-a.md": "\ufeff# A\r\n\r\nFirst.\r\n",
        "30-empty.md": " \n",
        "_synonyms.txt": "cut, haircut",
    }
    assert [document.text for document in read_documents(documents)] == ["# A\n\nFirst.", "# B\n\nSecond."]


def test_front_matter_and_comments_are_removed() -> None:
    text = "---\ndate: 2026-11-03\n---\n# Shown\n\nText.<!-- not\nfor visitors -->\n"
    assert read_documents({"shop/10-opening-hours.md": text}) == [
        Document("shop/10-opening-hours.md", "Opening hours", None, "# Shown\n\nText.")
    ]


@pytest.mark.parametrize(
    "front",
    [
        'title: "Tea: green"\nurl: "https://tea.example/a?b=c#d"\ndate: "2026-11-03"',
        "Title:   Tea: green  \nURL: https://tea.example/a?b=c#d\nauthor: x",
        "url: 'https://tea.example/a?b=c#d'\ntitle: 'Tea: green'",
    ],
)
def test_title_and_url_are_read_however_they_are_written(front: str) -> None:
    (document,) = read_documents({"a.md": f"---\n{front}\n---\n\nText."})
    assert (document.title, document.url) == ("Tea: green", "https://tea.example/a?b=c#d")


@pytest.mark.parametrize("url", ["", "javascript:alert(1)", "/prices", "[1]", "documents/prices.pdf"])
def test_only_addresses_of_pages_are_urls(url: str) -> None:
    (document,) = read_documents({"a.md": f"---\nurl: {url}\n---\nText."})
    assert document.url is None
