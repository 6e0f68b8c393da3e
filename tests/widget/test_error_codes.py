"""Every error code of docs/http.md has a text for visitors, in every language."""

from __future__ import annotations

import re

import pytest

from local.environment import ROOT
from tests.widget.sources import FOLDER, code

TABLE = (ROOT / "docs" / "http.md").read_text("utf-8").split("\n## Errors\n")[1]
ENTRY = re.compile(r"^  (\w+): '", re.MULTILINE)
LANGUAGES = ("en", "de", "ar")


def documented() -> set[str]:
    rows = [row for row in TABLE.splitlines() if re.match(r"\| \d{3} \|", row)]
    codes = {name for row in rows for name in re.findall(r"`([a-z_]+)`", row)}
    assert len(codes) > 40
    return codes


def text_by_code() -> dict[str, str]:
    source = code(FOLDER / "notices" / "by-code.js")
    return dict(re.findall(r"^  ([a-z_]+): '(\w+)',$", source, re.MULTILINE))


def test_every_documented_code_has_a_text() -> None:
    assert set(text_by_code()) == documented()


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_exist(language: str) -> None:
    texts = {
        name
        for folder in (FOLDER, FOLDER / "notices")
        for name in ENTRY.findall((folder / "texts" / f"{language}.js").read_text("utf-8"))
    }
    assert set(text_by_code().values()) <= texts


def test_texts_are_in_one_place() -> None:
    """A name in two places would be two texts under one attribute `text-…`."""
    places = (FOLDER, FOLDER / "notices", FOLDER / "voice")
    names = [
        name for place in places for name in ENTRY.findall((place / "texts" / "en.js").read_text("utf-8"))
    ]
    assert len(names) == len(set(names))
