"""What a visitor may ask first: questions that the knowledge answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from knowledge.passages import Passage

# What visitors of most websites ask, and the headings under which the answer stands.
GENERAL = (
    ("What's your pricing?", re.compile(r"\b(pric(es?|ing)|costs?|fees|rates|plans)\b", re.IGNORECASE)),
    ("How do I get started?", re.compile(r"\b(get(ting)? started|sign(ing)? up)\b", re.IGNORECASE)),
    ("How can I reach you?", re.compile(r"\b(contact|reach us|find us|visit(ing)? us)\b", re.IGNORECASE)),
    ("When are you open?", re.compile(r"\b(open|opening hours|hours)\b", re.IGNORECASE)),
)
# As many as fit above the text field of a phone, and short enough for one line or two.
MAX_QUESTIONS, MAX_CHARACTERS = 3, 60


def suggest(passages: Iterable[Passage]) -> tuple[str, ...]:
    """Up to three questions that `passages` answer: general ones first, then the owner's frequent questions.

    The general ones are in English, and so are the headings that they are recognized by. None if there is
    nothing to suggest.
    """
    headings = [heading for passage in passages for heading in passage.path]
    general = [question for question, names in GENERAL if any(map(names.search, headings))]
    frequent = [heading for heading in headings if _is_short_question(heading)]
    return tuple(dict.fromkeys((*general[:MAX_QUESTIONS], *frequent)))[:MAX_QUESTIONS]


def _is_short_question(heading: str) -> bool:
    return heading.endswith(("?", "？", "؟")) and len(heading) <= MAX_CHARACTERS  # noqa: RUF001 - Chinese
