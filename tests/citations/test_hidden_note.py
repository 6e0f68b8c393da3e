"""The model's note is never seen, however it is written and however the answer is split into pieces."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citations.hidden_note import HiddenNote, may_have_note
from tests.citations.notes import IDS, LEGITIMATE, NOTES, SAID

if TYPE_CHECKING:
    from collections.abc import Iterable

each_note = pytest.mark.parametrize("text", NOTES.values(), ids=list(NOTES))
each_legitimate = pytest.mark.parametrize("text", LEGITIMATE)
FRAGMENTS = st.sampled_from(
    (
        *("[[", "]]", "[", "]", "answered", "partly", "chat", "unknown", "beantwortet", "Sources", "k3f9a1"),
        *(" ", "p2k8s0", "zz9zz9", ". ", "We ", "open", "(", ")", "**", "`", "```", "{", "}", ",", ":", "\n"),
        *("- ", "a", "\\", '"', "<", ">", "é", "?"),
    )
)


def read(text: str, cuts: Iterable[int] = ()) -> tuple[str, HiddenNote]:
    """What is left of `text`, streamed in pieces that end at `cuts`, and what the note says."""
    hidden, shown = HiddenNote(IDS), ""
    for start, end in pairwise([0, *sorted(cuts), len(text)]):
        shown += hidden.remove(text[start:end])
    return shown + hidden.rest(), hidden


def outcome(text: str, cuts: Iterable[int] = ()) -> tuple[object, ...]:
    shown, hidden = read(text, cuts)
    return shown, hidden.verdict, list(hidden.ids), hidden.last


@each_note
def test_note_is_never_seen(text: str) -> None:
    assert read(text)[0] == SAID


@each_note
def test_note_is_never_seen_wherever_the_stream_is_split(text: str) -> None:
    whole = outcome(text)
    assert outcome(text, range(1, len(text))) == whole
    for first in range(len(text) + 1):
        for second in range(first, len(text) + 1, 3):
            assert outcome(text, (first, second)) == whole


@each_legitimate
def test_legitimate_text_is_not_swallowed(text: str) -> None:
    assert read(text)[0] == text
    for cut in range(len(text)):
        assert read(text, (cut,))[0] == text
    assert read(text, range(1, len(text)))[0] == text


@given(st.lists(FRAGMENTS, min_size=1, max_size=12).map("".join), st.data())
def test_any_text_gives_the_same_in_any_pieces(text: str, data: st.DataObject) -> None:
    cuts = data.draw(st.lists(st.integers(0, len(text)), max_size=6))
    shown, *said = outcome(text)
    assert outcome(text, cuts) == (shown, *said)
    assert not re.search(r"(?<![^\W_])(?:k3f9a1|p2k8s0)(?![^\W_])", str(shown))
    assert may_have_note(text) or shown == text


@pytest.mark.parametrize(
    ("text", "verdict", "ids"),
    [
        (NOTES["as asked for"], "answered", ["k3f9a1", "p2k8s0"]),
        (f"{SAID}\n[[partly p2k8s0]]", "partly", ["p2k8s0"]),
        ("I do not know.\n[[unknown]]", "unknown", []),
        ("Hello!\n[[chat]]", "chat", []),
        (f"{SAID}\n[[answered zz9zz9 k3f9a1]]", "answered", ["k3f9a1"]),
        (NOTES["translated"], "answered", ["k3f9a1"]),
        (NOTES["as JSON"], "answered", ["k3f9a1", "p2k8s0"]),
        ("Nine [k3f9a1], five [[p2k8s0]].\n[[partly k3f9a1]]", "partly", ["k3f9a1", "p2k8s0"]),
        (SAID, None, []),
    ],
)
def test_what_the_note_says_is_kept(text: str, verdict: str | None, ids: list[str]) -> None:
    _, hidden = read(text)
    assert (hidden.verdict, list(hidden.ids)) == (verdict, ids)


def test_text_goes_on_after_a_note() -> None:
    assert read("One. [[answered k3f9a1]] Two.")[0] == "One. Two."
    assert read("One.\n[[answered k3f9a1]]\nTwo.")[0] == "One.\n\nTwo."
    assert read("See [Pricing](k3f9a1) for more.")[0] == "See Pricing for more."


def test_text_is_passed_on_at_once() -> None:
    hidden = HiddenNote(IDS)
    pieces = ["We", " open", " at", " 9", ":30", ".", " That", "'s", " early", "."]
    assert [hidden.remove(piece) for piece in pieces] == pieces


def test_what_is_no_note_is_held_back_only_until_that_is_clear() -> None:
    hidden = HiddenNote(IDS)
    pieces = ["See", " [", "1", "]", " or", " (", "Monday", " to", " 9", ")", "\n", "Un", "til", " then"]
    shown = [hidden.remove(piece) for piece in pieces]
    assert shown[:5] == ["See", "", " [1", "]", " or"]
    assert shown[8] == " (Monday to 9"
    assert shown[10:] == ["", "", "\nUntil", " then"]
