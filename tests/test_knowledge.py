"""The owner's Markdown as one text, as sections, and as it is spoken."""

from __future__ import annotations

import pytest

from errors import ConfigurationError
from knowledge.documents import Section, knowledge_text, parse_knowledge
from responders.offline.speakable import blocks, sentences, speakable


def test_documents_are_joined_in_the_order_of_their_names() -> None:
    documents = {
        "20-b.md": "# B\n\nSecond.\n",
        "10-a.md": "\ufeff# A\r\n\r\nFirst.\r\n",
        "30-empty.md": " \n",
    }
    assert knowledge_text(documents) == "# A\n\nFirst.\n\n# B\n\nSecond."


def test_front_matter_and_comments_are_the_owners_own() -> None:
    text = "---\ntitle: Hidden\n---\n# Shown\n\nText.<!-- not\nfor visitors -->\n"
    assert knowledge_text({"a.md": text}) == "# Shown\n\nText."
    assert parse_knowledge({"a.md": text}) == (Section("a.md", ("Shown",), "Text."),)


@pytest.mark.parametrize("documents", [{}, {"a.md": ""}, {"a.md": "<!-- later -->"}])
def test_no_knowledge_is_an_error_that_says_what_to_do(documents: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match="knowledge folder"):
        knowledge_text(documents)
    with pytest.raises(ConfigurationError, match="knowledge folder"):
        parse_knowledge(documents)


def test_headings_alone_are_no_knowledge() -> None:
    with pytest.raises(ConfigurationError):
        parse_knowledge({"a.md": "# Title\n## Another"})


def test_a_section_stands_under_all_headings_above_it() -> None:
    text = "# One\n\na\n\n### Deep ###\n\nb\n\n## Two\n## Three\nc"
    assert [(section.path, section.text) for section in parse_knowledge({"a.md": text})] == [
        (("One",), "a"),
        (("One", "Deep"), "b"),
        (("One", "Two"), ""),
        (("One", "Three"), "c"),
    ]


def test_text_before_a_heading_stands_under_the_files_name() -> None:
    sections = parse_knowledge({"shop/10-opening-hours.md": "We are open.\n# More\nText.", "2024.md": "Old."})
    assert [section.path for section in sections] == [("2024",), ("Opening hours",), ("More",)]


def test_a_hash_in_a_code_block_is_no_heading() -> None:
    sections = parse_knowledge({"a.md": "# A\n```\n# not a heading\n```\n## B\ntext"})
    assert [section.path for section in sections] == [("A",), ("A", "B")]


@pytest.mark.parametrize(
    ("markdown", "spoken"),
    [
        ("", ""),
        ("One line\nand the next.\n\nAnother", "One line and the next. Another."),
        ("See [our terms](https://a.example/x_y) and ![a cat](cat.png).", "See our terms and a cat."),
        ("**Bold**, *it*, __b__, _i_, ~~no~~, `code`, a_b_c.", "Bold, it, b, i, no, code, a_b_c."),
        ("Fish &amp; chips<br>at 5 \\* 3.", "Fish & chips at 5 * 3."),
        ("- one\n- two,\n  still two\n* [x] three!", "one. two, still two. three!"),
        ("Choose:\n1. first\n2) second", "Choose. first. second."),
        ("> quoted\n> twice\n\n---\n\nEnd", "quoted twice. End."),
        ("```\ncode\n```", "code."),
        ("| Bread | Price |\n|-|-:|\n| Rye | 4 euros |\n| Spelt | |", "Rye: 4 euros. Spelt."),
        ("| Tier | Price | VAT |\n|-|-|-|\n| **One** | $5 | 19% |", "One, price: $5; VAT: 19%."),
        ("a | b is no table", "a | b is no table."),
    ],
)  # fmt: skip
def test_markdown_is_spoken_without_marks(markdown: str, spoken: str) -> None:
    assert speakable(markdown) == spoken


def test_items_and_rows_have_names() -> None:
    days = "- **Monday:** open\n- Tuesday: closed\n- every day a treat"
    markdown = f"{days}\n\n1. Call us.\n\n| Tea | Cost |\n|-|-|\n| Mint | 3 |"
    assert [(block.name, block.noun) for block in blocks(markdown)] == [
        ("Monday", ""),
        ("Tuesday", ""),
        ("", ""),
        ("Step 1", ""),
        ("Mint", "Tea"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("It costs 4.50 euros. Fine.", ["It costs 4.50 euros.", "Fine."]),
        ("Ask Dr. Ruiz, e.g. at 9 a.m. sharp.", ["Ask Dr. Ruiz, e.g. at 9 a.m. sharp."]),
        ("今日は休みです。明日は開いています。", ["今日は休みです。", "明日は開いています。"]),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected
