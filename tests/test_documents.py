"""The owner's Markdown, joined into one text and split into sections."""

from __future__ import annotations

import pytest

from errors import ConfigurationError
from knowledge.documents import Section, knowledge_text, parse_knowledge


def test_documents_are_joined_in_order_of_name() -> None:
    documents = {
        "20-b.md": "# B\n\nSecond.\n",
        "10-a.md": "\ufeff# A\r\n\r\nFirst.\r\n",
        "30-empty.md": " \n",
    }
    assert knowledge_text(documents) == "# A\n\nFirst.\n\n# B\n\nSecond."


def test_front_matter_and_comments_are_removed() -> None:
    text = "---\ntitle: Hidden\n---\n# Shown\n\nText.<!-- not\nfor visitors -->\n"
    assert knowledge_text({"a.md": text}) == "# Shown\n\nText."
    assert parse_knowledge({"a.md": text}) == (Section("a.md", ("Shown",), "Text."),)


@pytest.mark.parametrize("documents", [{}, {"a.md": ""}, {"a.md": "<!-- later -->"}])
def test_empty_knowledge_raises_with_advice(documents: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match="knowledge folder"):
        knowledge_text(documents)
    with pytest.raises(ConfigurationError, match="knowledge folder"):
        parse_knowledge(documents)


def test_headings_without_text_raise() -> None:
    with pytest.raises(ConfigurationError):
        parse_knowledge({"a.md": "# Title\n## Another"})


def test_section_path_has_all_headings_above() -> None:
    text = "# One\n\na\n\n### Deep ###\n\nb\n\n## Two\n## Three\nc"
    assert [(section.path, section.text) for section in parse_knowledge({"a.md": text})] == [
        (("One",), "a"),
        (("One", "Deep"), "b"),
        (("One", "Two"), ""),
        (("One", "Three"), "c"),
    ]


def test_text_before_first_heading_is_titled_by_file_name() -> None:
    sections = parse_knowledge({"shop/10-opening-hours.md": "We are open.\n# More\nText.", "2024.md": "Old."})
    assert [section.path for section in sections] == [("2024",), ("Opening hours",), ("More",)]


def test_hash_in_code_block_is_not_a_heading() -> None:
    sections = parse_knowledge({"a.md": "# A\n```\n# not a heading\n```\n## B\ntext"})
    assert [section.path for section in sections] == [("A",), ("A", "B")]
