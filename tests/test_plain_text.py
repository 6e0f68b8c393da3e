"""Markdown as spoken text."""

from __future__ import annotations

import pytest

from knowledge.plain_text import blocks, sentences


@pytest.mark.parametrize(
    ("markdown", "spoken"),
    [
        ("", ""),
        ("One line\nand the next.\n\nAnother", "One line and the next. Another."),
        ("See [our terms](https://a.example/x_y) and ![a cat](cat.png).", "See our terms and a cat."),
        ("**Bold**, *it*, __b__, _i_, ~~no~~, `code`, a_b_c.", "Bold, it, b, i, no, code, a_b_c."),
        ("Fish &amp; chips<br>at 5 \\* 3.", "Fish & chips at 5 * 3."),
        ("- one\n- two,\n  still two\n* [x] three!", "one. two, still two. three!"),
        ("Choose:\n1. first\n2) second", "Choose: first. second."),
        ("> quoted\n> twice\n\n---\n\nEnd", "quoted twice. End."),
        ("```\ncode\n```", "code."),
        ("| Bread | Price |\n|-|-:|\n| Rye | 4 euros |\n| Spelt | |", "Rye: 4 euros. Spelt."),
        ("| Tier | Price | VAT |\n|-|-|-|\n| **One** | $5 | 19% |", "One, price: $5; VAT: 19%."),
        ("a | b is no table", "a | b is no table."),
    ],
)  # fmt: skip
def test_markup_is_removed(markdown: str, spoken: str) -> None:
    assert " ".join(block.text for block in blocks(markdown)) == spoken


def test_list_items_and_table_rows_have_names() -> None:
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
def test_sentences_are_split(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected
