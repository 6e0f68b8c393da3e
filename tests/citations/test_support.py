"""Numbers and addresses that the model was sent nowhere are found, whichever way they are written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from citations.support import unsupported
from knowledge.passages import split
from models import ConversationMessage
from prompt import Prompt

KNOWLEDGE = """\
# About
Growth costs $49 a month or 1,200 dollars a year; a stamp costs 4,20 €, and all of it 1.500,50 €. We are open
from 9 am to 17:30. Call +49 30 1234567, mail info@example.com, or see https://www.example.com/prices. Three
tiers, twenty-five people, fünfundvierzig Tage, one hundred and twenty rooms, and a discount of 12 %.
"""
PASSAGES = {passage.id: passage for passage in split({"about.md": KNOWLEDGE})}
NOW = datetime(2026, 11, 29, 14, 5, tzinfo=UTC)
HISTORY = (ConversationMessage(role="user", content="We are 83 people.", timestamp=NOW),)


def flagged(answer: str) -> tuple[str, ...]:
    prompt = Prompt("", HISTORY, "Is 77 too many?", "x", PASSAGES, "\n# Contact\nPhone: 0800 765432\n", NOW)
    return unsupported(answer, prompt)


@pytest.mark.parametrize(
    "answer",
    [
        *(
            "49 dollars",
            "$49",
            "49.00",
            "forty-nine dollars",
            "1200",
            "1.200",
            "1'200",
            "1,200.00",
            "4.2 euros",
        ),
        *("9:00", "09:00", "9 a.m.", "9 Uhr", "5:30 pm", "17.30 Uhr", "12 percent", "1500.5"),
        *("030 1234567", "+49301234567", "(030) 123 45 67", "0800 765 432"),
        *("INFO@example.com", "https://example.com/prices/", "www.example.com", "https://example.com."),
        *("3 tiers", "25 people", "fünfundzwanzig Leute", "45 days", "خمسة وعشرون", "٤٩", "120 rooms"),
        *("77 and 83", "today, November 29, 2026", "It is 14:05.", "tomorrow, the 30th"),
        *("There are two ways.", "One of them, or a dozen.", "1. First\n2. Second", "B2B and A4", ""),
    ],
)
def test_what_was_sent_is_not_flagged(answer: str) -> None:
    assert flagged(answer) == ()


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("Growth costs 59 dollars.", ("59",)),
        ("It is $1,250 a year, or 49 a month.", ("1,250",)),
        ("We open at 8:30 and close at 6 pm.", ("8:30", "6 pm")),
        ("That takes fifteen days, or five weeks.", ("fifteen", "five")),
        ("Das kostet siebzig Euro.", ("siebzig",)),
        ("Write to sales@example.com.", ("sales@example.com",)),
        ("See https://example.com/offers.", ("https://example.com/offers",)),
        ("Call 030 7654321.", ("030 7654321",)),
        ("On 24.12. we close.", ("24",)),
        ("Save 20%.", ("20",)),
    ],
)
def test_what_was_sent_nowhere_is_flagged(answer: str, expected: tuple[str, ...]) -> None:
    assert flagged(answer) == expected


def test_at_most_five_are_named() -> None:
    assert len(flagged("Rooms 201, 202, 203, 204, 205, 206 and 207.")) == 5
