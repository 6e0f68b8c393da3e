"""Whether a text to be spoken is part of an answer."""

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
# What abbreviations are spoken as: the widget writes them out (`widget/voice-agent/voice/abbreviations.js`).
_WRITTEN_OUT = """
for example that is and so on approximately including excluding versus maximum doctor mister professor
department number numbers page pages extension telephone minutes hours zum Beispiel beispielsweise das heißt
unter anderem vor allem in der Regel zum Teil zurzeit siehe oben unten beziehungsweise bezüglich circa
eventuell gegebenenfalls vergleiche inklusive exklusive zuzüglich maximal mindestens Minuten Stunden Tausend
Millionen Milliarden Mehrwertsteuer Telefon Nummer Absatz Artikel Seite Doktor Professor Herr Frau und so
weiter fort et cetera vieles mehr oder Ähnliches أستاذ دكتور صندوق بريد ريال سعودي درهم إماراتي جنيه مصري
دينار كويتي إلى آخره
"""
# What is spoken is not what is shown: '$5' becomes '5 dollars', and '&' becomes 'and'. So one word, and one
# more for every four, may differ from those of the answer.
OTHER_WORDS, WORDS_PER_OTHER = 1, 4
# 'i. d. R. ja' is spoken as 'in der Regel ja'.
WRITTEN_OUT_PER_WORD = 3


def is_said_in(text: str, answer: str) -> bool:
    """Whether the words of `text` are words of `answer`, each no more often than there.

    Letter case and pauses make no difference, abbreviations may be written out, and a few words may differ.
    There has to be a word.
    """
    words = _words(text)
    new = words - _words(answer)
    written_out = sum(count for word, count in new.items() if word in _FREE_WORDS)
    total, others = words.total(), new.total() - written_out
    if written_out > WRITTEN_OUT_PER_WORD * (total - new.total()):
        return False
    return others == 0 < total or (2 * others < total and others <= OTHER_WORDS + total // WORDS_PER_OTHER)


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


_FREE_WORDS = frozenset(_words(_WRITTEN_OUT))
