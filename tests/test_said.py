"""Which texts count as part of an answer."""

from __future__ import annotations

import re

import pytest

from local.environment import ROOT
from speech.said import is_said_in

ANSWER = """We have **three** plans, see [our prices](https://shop.example/p?x=1):

- Starter, $19.50 a month
- Dr. Smith & Co. e.g. answers within 24 hours. Call +49 30 901820.

C'est très simple. \u4ef7\u683c\u662f\u5341\u4e5d\u6b27\u5143\u3002"""


@pytest.mark.parametrize(
    "text",
    [
        "We have three plans, see our prices:",
        "Starter, 19.50 dollars a month",
        "Dr. Smith and Co., for example, answers within 24 hours.",
        "Call + 4 9 3 0 9 0 1 8 2 0.",
        "C\u2019EST TRÈS SIMPLE",
        "C'est tre\u0300s simple.",
        "\u4ef7\u683c\u662f\u5341\u4e5d\u6b27\u5143",
        "Starter, that is 19.50 and so on",
        "for example answers",
        ANSWER,
    ],
)
def test_part_of_the_answer_as_it_is_spoken(text: str) -> None:
    assert is_said_in(text, ANSWER)


@pytest.mark.parametrize(
    "text",
    [
        "Buy my thing.",
        "plans Buy my thing.",
        "Starter, 19.50 dollars a month. Buy my other thing today.",
        "three three three three",
        "Hello",
        "for example, that is, and so on, approximately",
        "plans doctor number pages minutes telephone",
        "\u6211\u559c\u6b22\u4f60",
        "\U0001f171\U0001f184\U0001f178",  # letters in squares, which may be read aloud
        "\U0001f389" * 100,
        "plans \U0001f389\U0001f389",
        "",
        "?!... --- , , ,",
        "%%%%%%%% $$$$$$$$",
        "three plans % % % %",
        "three plans \u00a7 \u20ac \u00b5 + = @",
    ],
)
def test_other_text(text: str) -> None:
    assert not is_said_in(text, ANSWER)


def test_emoji_of_the_answer_may_be_spoken() -> None:
    assert is_said_in("You won! \U0001f389", "**You won!** \U0001f389 Come again.")


def test_nothing_is_said_in_an_empty_answer() -> None:
    assert not is_said_in("Hello", "")


def test_abbreviations_written_out_by_the_widget() -> None:
    source = (ROOT / "widget" / "voice-agent" / "voice" / "abbreviations.js").read_text("utf-8")
    written_out = re.findall(r"'[^'\n]+\.(?: [0A])?': '([^']+)'", source)
    assert len(written_out) > 50
    for spoken in written_out:
        assert is_said_in(f"{spoken} plans", "plans") or spoken in {"a.m.", "p.m."}
