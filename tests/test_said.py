"""Which texts count as part of an answer."""

from __future__ import annotations

import pytest

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


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("It is 5 km away.", "It is 5 kilometers away."),
        ("Es sind 5 km.", "Es sind 5 Kilometer."),
        ("$49.50", "49 dollars and 50 cents"),
        ("49,50 €/Monat", "49 Euro 50 pro Monat"),
        ("i. d. R. ja", "in der Regel ja"),
        ("e.g. on Monday", "for example on Monday"),
        ("Hauptstr. 5", "Hauptstraße 5"),
        ("am 03.10.2026", "am dritten Oktober 2026"),
        ("on 2026-10-03", "on October 3rd, 2026"),
        ("a_b@shop.example", "a underscore b at shop dot example"),
        ("Mon\u2013Fri 9am\u20135pm", "Monday to Friday 9 a.m. to 5 p.m."),
        ("السعر 20 ر.س.", "السعر 20 ريال سعودي."),
        ("**W**orld **W**ide **W**eb", "World Wide Web"),
    ],
)
def test_what_is_written_may_be_said_in_words(written: str, spoken: str) -> None:
    assert is_said_in(spoken, written)


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("It is far away.", "kilometers away"),
        ("5 km", "5 kilometers kilometers kilometers kilometers"),
        ("$5 or 5 km", "euros percent"),
        ("on 2026-10-03", "March January"),
        ("Come at 5.", "Doctor Street"),
    ],
)
def test_words_that_stand_for_nothing_written(written: str, spoken: str) -> None:
    assert not is_said_in(spoken, written)


def test_numbers_of_any_length() -> None:
    assert not is_said_in("buy my thing", "7" * 5000)
