"""Whether a text to be spoken is part of an answer."""

from __future__ import annotations

import re

from speech.wordings import words_for
from speech.words import words_in

# A front end may have wordings of its own. So one word, and one more for every four, may be others than
# those of the answer.
OTHER_WORDS, WORDS_PER_OTHER = 1, 4
# Markdown, and characters that cannot be seen; they may stand within a word.
_MARKS = re.compile(r"[*`\u00ad\u200b\u200e\u200f\u2060\ufeff]+|~~")


def is_said_in(text: str, answer: str) -> bool:
    """Whether the words of `text` are words of `answer`, each no more often than there.

    Letter case and pauses make no difference. What `answer` abbreviates or writes as a symbol may be written
    out: if it has 'km' once, `text` may have 'kilometers' once. A few other words may differ. There has to be
    a word.
    """
    words = words_in(text)
    others = words - words_in(answer)
    if others:
        others = words - (words_in(answer) | words_in(_MARKS.sub("", answer))) - words_for(answer)
    total, different = words.total(), others.total()
    few = 2 * different < total and different <= OTHER_WORDS + total // WORDS_PER_OTHER
    return few or different == 0 < total
