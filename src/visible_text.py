"""Text as a person sees it: without control characters and characters that leave no trace on a screen."""

from __future__ import annotations

import re

_JOINERS = "\u200c\u200d"
# Default_Ignorable_Code_Point in Unicode's DerivedCoreProperties.txt: what is not shown although a font lacks
# it, assigned or not.
_IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Characters as blank as a space that are not white space: of Braille, musical notation and hieroglyphs.
_BLANKS = "\u2800\U0001d159\U00013441\U00013442"
# Unpaired surrogates and private use, and noncharacters: the last two of each plane, and 32 more.
_UNDEFINED = "\ud800-\uf8ff\U000f0000-\U0010ffff\ufdd0-\ufdef" + "".join(
    f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(15)
)
# All of these, and the marks of annotations and of groups of hieroglyphs. That is all of Unicode's format
# characters but those that are shown, such as Arabic number signs (Prepended_Concatenation_Mark).
_SHAPELESS = f"{_IGNORABLE}{_BLANKS}{_UNDEFINED}\ufff9-\ufffb\U00013430-\U0001343f"
_HIDDEN = rf"[\x00-\x1f\x7f-\x9f{_SHAPELESS}]"
_is_hidden = re.compile(_HIDDEN).match
# Finds the first character of a text that can be seen.
first_visible = re.compile(rf"[^\s\x00-\x1f\x7f-\x9f{_SHAPELESS}]").search

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
_NEEDED = (
    rf"(?<=[{_EMOJI}])[\ufe0e\ufe0f]"  # as text, or as an emoji
    r"|(?<=[0-9#*])\ufe0f(?=\u20e3)"  # a keycap
    rf"|(?<=\U0001f3f4)(?:{_FLAG_TAGS})\U000e007f"
    rf"|(?<=[{_IDEOGRAPHS}])[{_VARIANTS}](?![{_VARIANTS}])"
    rf"|(?<=[{_MONGOLIAN}])[{_MONGOLIAN_VARIANTS}](?![{_MONGOLIAN_VARIANTS}])"
    r"|(?<=[\u2801-\u28ff])\u2800(?=\u2800*[\u2801-\u28ff])"  # a space in Braille
    # Scripts other than Latin, and emoji of several parts.
    rf"|(?<=[^\x00-\u024f\s{_SHAPELESS}])[{_JOINERS}]"
    rf"|(?<=[{_EMOJI}]\ufe0f)\u200d"
)
_WHITE_SPACE = re.compile(r"\s")
# The look ahead makes this ten times as fast in a text without such characters.
_HIDDEN_OR_NEEDED = re.compile(rf"(?={_HIDDEN})(?:({_NEEDED})|.)", re.DOTALL)


def is_hidden(character: str) -> bool:
    """Whether `character` could hide something from a person, or change how what follows is shown.

    That is true of all control characters, line breaks included, of the marks and overrides of writing
    direction, and of everything else without a shape of its own, such as variation selectors, blanks and
    characters for private use. The zero-width joiner and non-joiner are not hidden, because emoji and several
    scripts need them.
    """
    return character not in _JOINERS and _is_hidden(character) is not None


def visible(text: str) -> str:
    """`text` without hidden characters; every white space is a plain space.

    A hidden character stays where it decides how the one before it is shown: joiners between letters of
    scripts that need them, and the selectors and tags of emoji, ideographs and Mongolian letters. A run of
    them, which could hide a message, does not.
    """
    return _HIDDEN_OR_NEEDED.sub(_needed, _WHITE_SPACE.sub(" ", text))


def first_hidden(text: str) -> str | None:
    """The first character that `visible` drops from `text`; None if it drops none."""
    found = _HIDDEN_OR_NEEDED.finditer(_WHITE_SPACE.sub(" ", text))
    return next((match[0] for match in found if not _needed(match)), None)


def visible_lines(text: str) -> list[str]:
    """The lines of `text` as `visible` returns them.

    A line ends where any program may end it: also at a vertical tab, at U+0085 and at U+2028.
    """
    return list(map(visible, text.splitlines()))


def _needed(match: re.Match[str]) -> str:
    return match[1] or ""
