"""Terms: words as the search compares them, folded and stemmed, without stop words, in any script.

The stemmer and the vocabulary are English. Words of other languages are compared as written, apart from
accents.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from responders.offline.vocabulary import EMAIL, MONEY, PHRASES, RELATED_WORDS, STOP_WORDS, TIME, word_set

# Thai and Lao, kana, Chinese characters.
_UNSPACED = "\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff"
# A mark of the vocabulary; one character of a script without spaces; letters with apostrophes; a number.
_WORD = re.compile(
    rf"#[a-z]+|[{_UNSPACED}]|[^\W\d_{_UNSPACED}]+(?:'[^\W\d_]+)*|\d+(?:[.,:]\d+)*(?:st|nd|rd|th)?"
)
_POSSESSIVE = re.compile(r"'s$|s'$")

_MIN_STEM_LENGTH = 3
_DOUBLED_CONSONANT = re.compile(r"([^aeiou])\1$")
# Longest first, because the first that matches is removed.
_SUFFIXES = tuple(
    sorted(
        word_set(
            "ations ation ances ance ments ment ities ity ant ings ing ions ion ies ied ely ed es ly s e y"
        ),
        key=lambda suffix: (-len(suffix), suffix),
    )
)

_CURRENCY = "dollars?|euros?|pounds?|francs?|usd|eur|gbp|chf|cents?"
# An amount of money; the number is in either group.
AMOUNT = re.compile(rf"[$€£¥₹]\s?(\d[\d.,]*)|\b(\d[\d.,]*)\s?(?:[$€£¥₹]|(?:{_CURRENCY})\b)", re.IGNORECASE)
_TIME_OF_DAY = re.compile(
    r"\b\d{1,2}(?:[:.]\d\d|\s?[ap]\.?m\b|\s?o'clock| in the (?:morning|afternoon|evening))", re.IGNORECASE
)
_EMAIL_ADDRESS = re.compile(r"\S@\S+\.\w")
_FACTS = ((MONEY, AMOUNT), (TIME, _TIME_OF_DAY), (EMAIL, _EMAIL_ADDRESS))

# Each term of a question takes time; few sentences have as many.
_MAX_TERMS = 40


def fold(text: str) -> str:
    """Return `text` in lower case, without accents and with straight apostrophes."""
    text = text.replace("\u2019", "'").casefold()
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def words(text: str) -> list[str]:
    """Return the folded words and numbers of `text`, in order: 'What's the 2nd?' gives what, the, 2nd."""
    return [_POSSESSIVE.sub("", word).replace("'", "") for word in _WORD.findall(fold(text))]


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """Return what the forms of an English word have in common: 'cancel' for 'cancelled' and 'cancellation'.

    A stem has at least three letters. Shorter words, numbers and words in other scripts stay as they are.
    """
    if len(word) <= _MIN_STEM_LENGTH or not word.isascii() or not word.isalpha():
        return word
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _MIN_STEM_LENGTH:
            word = word.removesuffix(suffix)
            break
    return _DOUBLED_CONSONANT.sub(r"\1", word) if len(word) > _MIN_STEM_LENGTH else word


def stems(text: str) -> frozenset[str]:
    """Return the stemmed words of `text`, including stop words."""
    return frozenset(stem(word) for word in words(text))


def question_terms(text: str) -> list[str]:
    """Return the first terms of a question, with phrases like 'how much' replaced by what they ask for."""
    folded = fold(text)
    for phrase, meaning in PHRASES:
        folded = phrase.sub(f" {meaning} ", folded)
    return _terms(folded)[:_MAX_TERMS]


def text_terms(text: str) -> list[str]:
    """Return the terms of a text, and a mark for each kind of fact in it: `MONEY`, `TIME` or `EMAIL`."""
    return _terms(text) + [mark for mark, pattern in _FACTS if pattern.search(text)]


def _terms(text: str) -> list[str]:
    return [stem(word) for word in words(text) if word not in STOP_WORDS]


def _related_terms() -> dict[str, frozenset[str]]:
    related: dict[str, set[str]] = {}
    for group in RELATED_WORDS:
        terms = {word if word.startswith("#") else stem(word) for word in group.split()}
        for term in terms:
            related.setdefault(term, set()).update(terms - {term})
    return {term: frozenset(others) for term, others in related.items()}


RELATED_TERMS = _related_terms()
