"""How text is split into tokens."""

from __future__ import annotations

import pytest

from local.standin import tokens
from local.standin.tokens import in_pieces
from tests.openai_standin.asking import UNICODE


@pytest.mark.parametrize("text", [UNICODE, "", " ", "a\n\nb ", "naïve café", "🙂🙂", "hyphen-ated words"])
def test_joined_tokens_are_the_text(text: str) -> None:
    assert "".join(tokens(text)) == text


def test_tokens_are_up_to_four_letters() -> None:
    assert tokens("Telescopes, rented.") == ["Tele", "scop", "es", ",", " rent", "ed", "."]


def test_pieces_of_two_tokens() -> None:
    assert in_pieces("a b c d e", 2) == ["a b", " c d", " e"]
