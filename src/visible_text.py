"""Text as a person sees it: without control characters and characters that leave no trace on a screen."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Control characters and unpaired surrogates (Unicode Standard, table 4-4), and format characters.
_HIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs"})
# The format characters that are shown, such as Arabic number signs (Prepended_Concatenation_Mark in Unicode's
# PropList.txt).
_SHOWN = re.compile("[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd]")
_JOINERS = "\u200c\u200d"
# Default_Ignorable_Code_Point in Unicode's DerivedCoreProperties.txt: what is not shown although a font lacks
# it, assigned or not.
_IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_is_ignorable = re.compile(f"[{_IGNORABLE}]").match
# Characters as blank as a space that are not white space: two Hangul fillers, and the empty characters of
# Braille, of musical notation and of hieroglyphs.
_BLANKS = "\u3164\uffa0\u2800\U0001d159\U00013441\U00013442"

# The characters of emoji (emoji-variation-sequences.txt), apart from digits, # and *.
_EMOJI = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u2328\u232b-\u27ff\u2900-\u2bff\u3030\u303d\u3297\u3299"
    "\U0001f000-\U0001faff"
)
_IDEOGRAPHS = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_VARIANTS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_MONGOLIAN, _MONGOLIAN_VARIANTS = "\u1820-\u18aa", "\u180b-\u180f"
# The letters of the flags' subdivisions, gbeng, gbsct and gbwls, as invisible tags.
_FLAG_TAGS = "|".join(
    "".join(chr(0xE0000 + ord(letter)) for letter in region) for region in ("gbeng", "gbsct", "gbwls")
)
# Ignorable characters in the places where they decide what is shown.
_NEEDED = re.compile(
    rf"(?<=[{_EMOJI}])[\ufe0e\ufe0f]"  # as text, or as an emoji
    r"|(?<=[0-9#*])\ufe0f(?=\u20e3)"  # a keycap
    rf"|(?<=\U0001f3f4)(?:{_FLAG_TAGS})\U000e007f"
    rf"|(?<=[{_IDEOGRAPHS}])[{_VARIANTS}](?![{_VARIANTS}])"
    rf"|(?<=[{_MONGOLIAN}])[{_MONGOLIAN_VARIANTS}](?![{_MONGOLIAN_VARIANTS}])"
    # Scripts other than Latin, and emoji of several parts.
    rf"|(?<=[^\x00-\u024f\s\ud800-\udfff\ufff9-\ufffb{_BLANKS}{_IGNORABLE}])[{_JOINERS}]"
    rf"|(?<=[{_EMOJI}]\ufe0f)\u200d"
)


def is_blank(character: str) -> bool:
    """Whether `character` is white space, line breaks included, or looks like a space."""
    return character.isspace() or character in _BLANKS


def is_hidden(character: str) -> bool:
    """Whether `character` could hide something from a person, or change how what follows is shown.

    That is true of all control characters, line breaks included, of the marks and overrides of writing
    direction, and of everything else that is not shown itself, such as variation selectors. The zero-width
    joiner and non-joiner are not hidden, because emoji and several scripts need them.
    """
    if character in _JOINERS:
        return False
    if unicodedata.category(character) in _HIDDEN_CATEGORIES:
        return not _SHOWN.match(character)
    return _is_ignorable(character) is not None


def visible(text: str) -> str:
    """`text` without hidden characters; every white space or blank character is a plain space.

    A hidden character stays where it decides how the one before it is shown: joiners between letters of
    scripts that need them, and the selectors and tags of emoji, ideographs and Mongolian letters. A run of
    them, which could hide a message, does not.
    """
    return "".join(shown for _, shown in _as_shown(text))


def first_hidden(text: str) -> str | None:
    """The first character that `visible` drops from `text`; None if it drops none."""
    return next((character for character, shown in _as_shown(text) if not shown), None)


def visible_lines(text: str) -> list[str]:
    """The lines of `text` as `visible` returns them.

    A line ends where any program may end it: also at a vertical tab, at U+0085 and at U+2028.
    """
    return list(map(visible, text.splitlines()))


def _as_shown(text: str) -> Iterator[tuple[str, str]]:
    """Each character of `text`, and what is shown of it."""
    needed = {place for found in _NEEDED.finditer(text) for place in range(*found.span())}
    for place, character in enumerate(text):
        if is_blank(character):
            yield character, " "
        elif place in needed or not (character in _JOINERS or is_hidden(character)):
            yield character, character
        else:
            yield character, ""
