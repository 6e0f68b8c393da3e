"""Text as a person sees it: without control characters and invisible format characters."""

from __future__ import annotations

import unicodedata

_JOINERS = "\u200c\u200d"
# Control and format characters, and unpaired surrogates (Unicode Standard, table 4-4).
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs"})
# The block of invisible copies of ASCII. Some of its code points are unassigned, and therefore not Cf.
_TAGS = frozenset(map(chr, range(0xE0000, 0xE0080)))


def is_hidden(character: str) -> bool:
    """Whether `character` could hide something from a person, or change how what follows is shown.

    That is true of all control characters, line breaks included, and of the marks and overrides of writing
    direction. The zero-width joiner and non-joiner are not hidden, because emoji and several scripts need
    them.
    """
    if character in _JOINERS:
        return False
    return character in _TAGS or unicodedata.category(character) in _HIDDEN_CATEGORIES


def visible_lines(text: str) -> list[str]:
    """The lines of `text` without hidden characters; every other white space is a plain space.

    A line ends where any program may end it: also at a vertical tab, at U+0085 and at U+2028.
    """
    return ["".join(map(visible, line)) for line in text.splitlines()]


def visible(character: str) -> str:
    """A space for any white space, nothing for a hidden character, and every other one as it is."""
    if character.isspace():
        return " "
    return "" if is_hidden(character) else character
