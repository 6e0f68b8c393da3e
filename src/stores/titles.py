"""Titles of conversations: the first question, shortened."""

from __future__ import annotations

MAX_TITLE_CHARS = 80
_ELLIPSIS = "…"


def title_of(question: str) -> str:
    """`question` as a title of at most 80 characters, cut off between two words if it is longer.

    A single word that is longer is cut in the middle.
    """
    if len(question) <= MAX_TITLE_CHARS:
        return question
    cut = question[: MAX_TITLE_CHARS - len(_ELLIPSIS) + 1]
    whole = cut.rpartition(" ")[0].rstrip(" ,;:.-") or cut[:-1]
    return whole + _ELLIPSIS
