"""A model's reasoning is taken out of its text, however the text is split into pieces."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from responders.thoughts import Thoughts

TEXTS = [
    ("Hello there.", "Hello there."),
    ("<think>Hm.</think>\n\nHello there.", "Hello there."),
    ("\n<think>\nHm.\n</think>\n\nHello there.", "\nHello there."),
    ("<THINK>Hm.</Think> Hello.", "Hello."),
    ("<thinking>Hm.</thinking>Hello.", "Hello."),
    ("<reasoning>Hm.</reasoning>Hello.", "Hello."),
    ("<thought>Hm.</thought>Hello.", "Hello."),
    ("<thoughts>Hm.</thoughts>Hello.", "Hello."),
    ("<seed:think>Hm.</seed:think>Hello.", "Hello."),
    ("<think >Hm.</think\n>Hello.", "Hello."),
    ("\u25c1think\u25b7Hm.\u25c1/think\u25b7Hello.", "Hello."),
    (
        "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Hello.<|return|>",
        "Hello.",
    ),
    ("<|channel|>final<|message|>Hello. 1<2", "Hello. 1<2"),
    ("[THINK]Hm.[/THINK]Hello.", "Hello."),
    ("Hello <think>Hm.</think> there.", "Hello there."),
    ("Hello.<think>Hm.</think>\n\nThere.", "Hello.\n\nThere."),
    ("<think>One.</think><think>Two.</think>Hello.", "Hello."),
    ("<think>1 < 2 and <b>.</think>Hello.", "Hello."),
    ("<think>It never ends", ""),
    ("Hello. <think>It never ends </thin", "Hello. "),
    ("Two < three <thinner> and [1] <", "Two < three <thinner> and [1] <"),
    ("Hello <thi", "Hello <thi"),
    ("Without an opening tag.</think>\n\nHello.", "Hello."),
    ("<think>One <think> two</think> three</think> Hello.", "Hello."),
]


@pytest.mark.parametrize(("sent", "said"), TEXTS)
@given(size=st.integers(1, 40))
def test_reasoning_is_removed(sent: str, said: str, size: int) -> None:
    thoughts, kept = Thoughts(), ""
    for start in range(0, len(sent), size):
        piece = thoughts.remove(sent[start : start + size])
        kept = piece if thoughts.withdrawn else kept + piece
        thoughts.withdrawn = False
    assert kept + thoughts.rest() == said


def test_text_is_passed_on_as_soon_as_it_cannot_be_a_tag() -> None:
    thoughts = Thoughts()
    pieces = ["One <", "b", "> two"]
    assert [thoughts.remove(piece) for piece in pieces] == ["One ", "<b", "> two"]
