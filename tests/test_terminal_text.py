"""Text in the terminal: wrapped between words as it arrives, without anything that controls the screen."""

from __future__ import annotations

import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from local.terminal_text import INDENT, TerminalText, columns
from visible_text import is_hidden

SPEAKER = "Ada> "


def written(*pieces: str, width: int | None = None) -> str:
    """What is written for `pieces`, one after the other, behind `SPEAKER`."""
    out = io.StringIO()
    out.write(SPEAKER)
    text = TerminalText(out, width, columns(SPEAKER))
    for piece in pieces:
        text.write([piece])
    text.close()
    return out.getvalue()


def test_words_are_not_broken_between_pieces() -> None:
    pieces = ("We have thr", "ee tie", "rs: Start", "er, Growth and Scale.")
    assert written(*pieces, width=20) == "Ada> We have three\n  tiers: Starter,\n  Growth and Scale."


def test_word_is_written_when_it_is_complete() -> None:
    out = io.StringIO()
    text = TerminalText(out, 40)
    text.write(["Hel", "lo th"])
    assert out.getvalue() == "Hello"
    text.write(["ere"])
    text.close()
    assert out.getvalue() == "Hello there"


def test_word_that_is_longer_than_a_line_is_not_held_back() -> None:
    out = io.StringIO()
    TerminalText(out, 20).write(["https://example.com/a/very/long/address"])
    assert out.getvalue().startswith("https://example.co")


def test_script_without_spaces_is_written_as_it_arrives() -> None:
    out = io.StringIO()
    TerminalText(out, 20).write(["\u6211\u5011\u6709"])
    assert out.getvalue() == "\u6211\u5011\u6709"


def test_lines_are_left_alone_without_a_terminal() -> None:
    assert written("word " * 100) == f"{SPEAKER}{('word ' * 100).strip()}"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[2J\x1b[1;1Hyou> yes", "[2J[1;1Hyou> yes"),
        ("\x1b]0;owned\x07 x", "]0;owned x"),
        ("\x1b]52;c;ZXZpbA==\x1b\\ x", "]52;c;ZXZpbA==\\ x"),
        ("\x9b31m red \x9d0;t\x9c", "31m red 0;t"),
        ("there\ryou> yes", "there you> yes"),
        ("a\b\bb \x7f \x00", "ab"),
        ("\u202egpj.exe\u202c \u2066x\u2069 \u200fy", "gpj.exe x y"),
        ("\ud800x", "x"),
        ("a\ufe0f\U000e0100\u034f\u2064b\u2800\u3164c", "abc"),
        ("one\r\ntwo\u2028three\x85four\vfive", "one\n  two\n  three\n  four\n  five"),
        ("a\nyou> I agree.\n\nAda> Good.", "a\n  you> I agree.\n\n  Ada> Good."),
    ],
    ids=ascii,
)
def test_nothing_controls_the_terminal_or_looks_like_a_prompt(text: str, shown: str) -> None:
    assert written(text) == SPEAKER + shown
    assert written(*text) == SPEAKER + shown


# Words of up to 8 columns, among spaces, line ends and control characters.
PIECES = st.lists(st.text(st.sampled_from("ab\u6211\u0301\U0001f600 \n\t\x1b\u202e"), max_size=8))


@given(PIECES, st.integers(min_value=24, max_value=60))
@example(["a" * 8, " ", "b" * 8, " ", "a" * 8], 24)
def test_lines_fit_and_keep_every_visible_character(pieces: list[str], width: int) -> None:
    first, *rest = written(*pieces, width=width).split("\n")
    assert first.startswith(SPEAKER)
    assert all(line.startswith(INDENT) for line in rest if line)
    assert all(columns(line) <= width for line in [first, *rest])
    assert not any(is_hidden(character) for character in "".join([first, *rest]))
    kept = "".join([first.removeprefix(SPEAKER), *rest]).split()
    assert "".join(kept) == "".join(c for c in "".join("".join(pieces).split()) if not is_hidden(c))
