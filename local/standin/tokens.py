"""Tokens, as the stand-in counts them."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"\s*(?:\w{1,4}|[^\w\s])|\s+")


def tokens(text: str) -> list[str]:
    """Split `text` into tokens, which joined give `text` again.

    A token is up to four letters or digits, or one other character, with the white space before it. For
    English prose that is close to OpenAI's rule of thumb of four characters a token.
    """
    return _TOKEN.findall(text)


def in_pieces(text: str, size: int) -> list[str]:
    """Split `text` into pieces of `size` tokens; the last may have fewer, and empty text has none."""
    found = tokens(text)
    return ["".join(found[start : start + size]) for start in range(0, len(found), size)]
