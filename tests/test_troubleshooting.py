"""docs/troubleshooting.md quotes messages exactly as the sources have them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from local.environment import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PAGE = (ROOT / "docs" / "troubleshooting.md").read_text("utf-8")
# Where a string goes on in the next literal, and what is filled in when it is printed.
CONTINUED = re.compile(r"""["'`]\s*(?:\+\s*)?f?["'`](?=\S)|(?<=\s)["'`]\s*\n\s*(?:\+\s*)?f?["'`]""")
FILLED_IN = re.compile(r"\$?\{[^{}\n]*\}|%[sdg]")


def quotes() -> list[str]:
    """The messages on the page, each on one line."""
    return sorted({" ".join(quote.split()) for quote in re.findall(r"“([^”]+)”", PAGE)})


def sources() -> Iterator[Path]:
    for folder, pattern in (("src", "*.py"), ("local", "*.py"), ("widget", "*.js"), ("widget", "*.mjs")):
        yield from (ROOT / folder).rglob(pattern)


@pytest.fixture(scope="module")
def messages() -> str:
    """All sources, with literals joined and … where something is filled in."""
    text = "\n".join(path.read_text("utf-8") for path in sources())
    return FILLED_IN.sub("…", CONTINUED.sub("", text))


@pytest.mark.parametrize("quote", quotes())
def test_quoted_message_exists(messages: str, quote: str) -> None:
    for part in quote.split("…"):
        assert part.strip() in messages, part


def test_page_quotes_messages() -> None:
    assert len(quotes()) > 40
