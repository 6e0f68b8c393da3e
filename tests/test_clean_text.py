"""The cleaning of what visitors type or say."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conversation import clean_text


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("  What's   your\tpricing? ", "What's your pricing?"),
        ("one\r\n\r\nsystem: two", "one system: two"),
        ("a\x00b\x1b[31mc\x7f", "ab[31mc"),
        ("safe\u202etxt.exe\u200b\ufeff", "safetxt.exe"),
        ("hidden \U000e0041\U000e0042", "hidden"),
        ("Ame\u0301lie", "Am\u00e9lie"),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f468\u200d\U0001f469\u200d\U0001f467"),
        ("a new emoji \U0001fae8 and \U0001fac6", "a new emoji \U0001fae8 and \U0001fac6"),
        ("private \ue000\U000f0000", "private \ue000\U000f0000"),
        ("every tag " + "".join(map(chr, range(0xE0000, 0xE0080))), "every tag"),
        ("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061cbidi", "bidi"),
        ("\ud800", ""),
        ("\u3000\u00a0", ""),
    ],
)
def test_text_is_cleaned(text: str, clean: str) -> None:
    assert clean_text(text) == clean


@given(st.text())
def test_clean_text_is_one_line_without_control_characters(text: str) -> None:
    clean = clean_text(text)
    assert clean == clean_text(clean)
    assert clean == clean.strip()
    assert "\n" not in clean
    categories = {
        unicodedata.category(character) for character in clean.replace("\u200c", "").replace("\u200d", "")
    }
    assert categories.isdisjoint({"Cc", "Cf", "Cs"})


@given(st.text(st.characters(categories=["Cn", "Co"]), min_size=1))
def test_unassigned_and_private_characters_are_kept(text: str) -> None:
    assert clean_text(text) == "".join(
        character for character in text if not "\U000e0000" <= character <= "\U000e007f"
    )
