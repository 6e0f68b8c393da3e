"""Whether a text to be spoken is part of an answer."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

# A digit, a character of a script without spaces between words, a symbol that is read aloud like a word (an
# emoji, a letter in a circle), or a word.
_WORD = re.compile(
    r"\d|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
    r"|[\u2190-\u2bff\U0001f000-\U0001fbff]|[^\W\d_]+"
)
# What is spoken is not what is shown: '$5' becomes '5 dollars', and '&' becomes 'and'. So one word, and one
# more for every four, may differ from those of the answer.
OTHER_WORDS, WORDS_PER_OTHER = 1, 4


def is_said_in(text: str, answer: str) -> bool:
    """Whether the words of `text` are words of `answer`, each no more often than there.

    Letter case, punctuation and markup make no difference, and a few words may differ.
    """
    words = _words(text)
    others = (words - _words(answer)).total()
    total = words.total()
    return others == 0 or (2 * others < total and others <= OTHER_WORDS + total // WORDS_PER_OTHER)


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))
