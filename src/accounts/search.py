"""Searching in any letter case, with a database that knows upper and lower case of ASCII only."""

# ruff: noqa: S608 - what is inserted are constants and letters, none of which is a quotation mark

from __future__ import annotations

from functools import cache, reduce

from accounts.history_sql import OWN

# How many words a search may have; the others are ignored.
MAX_WORDS = 5
# Letters that are replaced. SQLite's parser has room for some 25 calls within each other, and D1 nests
# expressions up to 100 deep, however they are written.
MAX_FOLDS, FOLDS_AT_ONCE = 60, 10
# There are no letters with case beyond (Unicode 17: the last are Adlam's, U+1E900 to U+1E943).
END_OF_LETTERS = 0x1F000

_TEXTS = f"""
WITH texts0 AS (
  SELECT id, lower(title) AS text FROM conversations WHERE {OWN}
  UNION ALL SELECT conversation, lower(question || char(10) || answer) FROM turns
  WHERE conversation IN (SELECT id FROM conversations WHERE {OWN}))
"""


def words_of(text: str) -> list[str]:
    """The words to be found, without letter case."""
    return text.casefold().split()[:MAX_WORDS]


def clauses_for(words: list[str]) -> dict[str, str]:
    """The parts of `history_sql.PAGE` that select the conversations in which each of the words is found.

    The statement reads them from the field `words`. SQLite's `lower` is for ASCII; of all other letters,
    those that can stand for a part of the words are replaced.
    """
    folds, tables = _folds(words), [_TEXTS]
    for start in range(0, len(folds), FOLDS_AT_ONCE):
        text = reduce(_replaced, folds[start : start + FOLDS_AT_ONCE], "text")
        tables.append(f"texts{len(tables)} AS (SELECT id, {text} AS text FROM texts{len(tables) - 1})")
    conditions = (
        f"AND id IN (SELECT id FROM texts{len(tables) - 1} WHERE instr(text, ?1 ->> '$.words[{word}]') > 0)"
        for word in range(len(words))
    )
    return {"texts": ", ".join(tables), "conditions": "\n".join(conditions)}


def _replaced(text: str, fold: tuple[str, str]) -> str:
    return f"replace({text}, '{fold[0]}', '{fold[1]}')"


def _folds(words: list[str]) -> list[tuple[str, str]]:
    folds = [(letter, fold) for letter, fold in _all_folds() if any(fold in word for word in words)]
    return folds[:MAX_FOLDS]


@cache
def _all_folds() -> list[tuple[str, str]]:
    """Each letter outside ASCII that has another form without case, with that form."""
    letters = map(chr, range(0x80, END_OF_LETTERS))
    return [(letter, letter.casefold()) for letter in letters if letter.casefold() != letter]
