"""The words of a note, in the languages in which models write it, and ids."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evidence import Verdict

# As the ids of passages look.
ID = re.compile(r"[a-z][0-9][a-z0-9]{4,8}")
BEGINNING_OF_ID = re.compile(r"[a-z](?:[0-9][a-z0-9]{0,8})?")

# What models write for each verdict, in the languages of the widget.
VERDICTS: dict[str, Verdict] = {
    **dict.fromkeys(("answered", "beantwortet", "أجيب"), "answered"),
    **dict.fromkeys(("partly", "partially", "teilweise", "جزئيا", "جزئياً"), "partly"),
    **dict.fromkeys(("unknown", "unanswered", "unbekannt", "unbeantwortet", "مجهول"), "unknown"),
    "chat": "chat",
}
# What they write around it.
LABELS = (
    *("verdict", "note", "json", "sources", "source", "passages", "passage", "used", "ids", "id", "cited"),
    *("citations", "urteil", "quellen", "quelle", "المصادر", "المصدر"),
)
WORDS = (*VERDICTS, *LABELS)


def is_note_word(word: str, *, begun: bool) -> bool:
    """Whether a note without brackets may begin with `word`, or with what that is the beginning of."""
    return any(one.startswith(word) for one in WORDS) if begun else word in WORDS


def may_be_id(word: str) -> bool:
    """Whether an id may begin with `word`."""
    return BEGINNING_OF_ID.fullmatch(word) is not None
