"""The words of a text, as they are compared."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

# A digit, a character of a script without spaces between words, a word, or a symbol that may be read aloud
# like one, such as an emoji or a percent sign. Only what marks pauses is no word.
_WORD = re.compile(
    r"\d|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
    r"|[\u2190-\u2bff\U0001f000-\U0001fbff]|[^\W\d_]+|[^\w\s.,;:!?'\u2019\u2013\u2014-]"
)


def words_in(text: str) -> Counter[str]:
    """The words of a text, whose letter case and encoding make no difference, and how often each occurs."""
    return Counter(_WORD.findall(normalized(text)))


def normalized(text: str) -> str:
    """A text in which letter case and ways of encoding make no difference."""
    return unicodedata.normalize("NFKC", text).casefold()
