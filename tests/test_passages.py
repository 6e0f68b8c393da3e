"""The owner's documents, split into passages."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errors import ConfigurationError
from knowledge.parts import MAX_PART_CHARS, parts
from knowledge.passages import Passage, render, rendered_passages, split


def paths_and_texts(markdown: str) -> list[tuple[tuple[str, ...], str]]:
    return [(passage.path, passage.text) for passage in split({"a.md": markdown})]


@pytest.mark.parametrize("documents", [{}, {"a.md": ""}, {"a.md": "<!-- later -->"}, {"a.md": "# A\n## B"}])
def test_knowledge_without_text_raises_with_advice(documents: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match="knowledge folder"):
        split(documents)


def test_path_has_all_headings_above() -> None:
    assert paths_and_texts("# One\n\na\n\n### Deep ###\n\nb\n\n## Two\n## Three\nc") == [
        (("One",), "a"),
        (("One", "Deep"), "b"),
        (("One", "Three"), "c"),
    ]


def test_underlined_headings() -> None:
    assert paths_and_texts("One\n===\n\na\n\nTwo\n---\nb\n\n---\n\n- c\n---\n") == [
        (("One",), "a"),
        (("One", "Two"), "b\n\n---\n\n- c\n---"),
    ]


def test_headings_are_plain_text() -> None:
    assert paths_and_texts("# **Our** [prices](https://a.example/b_c_d) for `snake_case`\na") == [
        (("Our prices for snake_case",), "a")
    ]


def test_text_without_first_heading_is_titled_by_the_document() -> None:
    passages = split({"shop/10-opening-hours.md": "We are open.\n# More\nText.", "2024.md": "## Old\nText."})
    assert [passage.path for passage in passages] == [("2024", "Old"), ("Opening hours",), ("More",)]


def test_hash_in_code_block_is_not_a_heading() -> None:
    assert [path for path, _ in paths_and_texts("# A\n```\n# not a heading\n```\n## B\ntext")] == [
        ("A",),
        ("A", "B"),
    ]


def test_source_of_each_passage() -> None:
    front = "---\ntitle: Prices\nurl: https://a.example/prices\n---\n"
    (passage,) = split({"a.md": f"{front}## Cuts\n25 dollars"})
    assert (passage.title, passage.url) == ("Prices", "https://a.example/prices")
    assert passage.path == ("Prices", "Cuts")


def test_ids_are_unique_and_stay_when_other_passages_change() -> None:
    before = split({"a.md": "# A\nOne.\n# A\nTwo.\n# B\nThree.", "b.md": "# A\nFour."})
    after = split({"a.md": "# A\nOne.\n# New\nNew.\n# B\nThree, changed.", "b.md": "# A\nFour."})
    assert len({passage.id for passage in before}) == 4
    assert all(re.fullmatch("[a-z][0-9][a-z0-9]{4,8}", passage.id) for passage in before)
    assert before[0].id == after[0].id
    assert [passage.id for passage in before[2:]] == [passage.id for passage in after[2:]]


def test_long_table_has_its_header_in_each_part() -> None:
    rows = [f"| Cut {number} | {number} dollars |" for number in range(100)]
    found = split({"a.md": "\n".join(["# Prices", "All prices.", "", "| Cut | Price |", "|-|-|", *rows])})
    assert found[0].text.startswith("All prices.\n\n| Cut | Price |\n|-|-|\n| Cut 0 |")
    assert all("| Cut | Price |\n|-|-|\n| Cut " in passage.text for passage in found)
    assert [row for passage in found for row in passage.text.split("\n") if "dollars" in row] == rows
    assert len({passage.id for passage in found}) == len(found) > 1


def test_long_list_is_split_between_items() -> None:
    items = [f"- Item {number}\n  goes on" for number in range(100)]
    assert "\n".join(parts("\n".join(items))) == "\n".join(items)
    assert all(part.startswith("- Item ") for part in parts("\n".join(items)))


@given(st.text(alphabet="ab \n|-#`*.", max_size=300), st.integers(1, 80))
def test_parts_lose_nothing_but_white_space(text: str, limit: int) -> None:
    assert "".join(parts(text, limit)).replace("|-|", "").split() or not text.split() or len(text) <= limit
    if "|" not in text:
        assert "".join("".join(parts(text, limit)).split()) == "".join(text.split())


def test_short_text_is_one_part() -> None:
    assert parts("a\n\n" * (MAX_PART_CHARS // 3)) == ["a\n\n" * (MAX_PART_CHARS // 3)]


def test_rendered_passages_are_read_again() -> None:
    passages = split({"a.md": "# A\n\nOne.\n\nTwo.\n\n## B\n| C | D |\n|-|-|\n| e | f |"})
    assert render(passages).startswith(
        f"[[{passages[0].id}]] A\nOne.\n\nTwo.\n\n[[{passages[1].id}]] A > B\n"
    )
    assert rendered_passages(render(passages)) == tuple(
        Passage(one.id, one.path, one.text, None, "A") for one in passages
    )


def test_question_headings() -> None:
    passages = split({"a.md": "# Questions\n\n**Do you ship?** No.\n\n## Prices\n5 dollars."})
    assert [passage.is_question for passage in passages] == [True, False]
