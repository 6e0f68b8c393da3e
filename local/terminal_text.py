"""Text that arrives in pieces, written to a terminal: words stay whole, and nothing in them controls it."""

from __future__ import annotations

import shutil
import unicodedata
from typing import TYPE_CHECKING, TextIO

from visible_text import is_hidden

if TYPE_CHECKING:
    from collections.abc import Iterable

# The second and further lines begin so, which no line of a prompt or of another speaker does.
INDENT = "  "
LINE_ENDS = "\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"
WIDE = frozenset({"W", "F"})
INVISIBLE = frozenset({"Mn", "Me", "Cf"})
# In a narrower terminal, wrapping helps nobody.
MIN_WIDTH = 20


class TerminalText:
    """Writes text to `out`, which shows `width` columns (None for a file or pipe), from `column` on.

    A word is written when it is complete, on the next line if it does not fit on this one. The last word is
    written by `close`.
    """

    def __init__(self, out: TextIO, width: int | None, column: int = 0) -> None:
        self._out = out
        self._width = width
        self._column = column
        self._word = self._indent = ""
        self._has_space = self._has_begun = False

    def write(self, pieces: Iterable[str]) -> None:
        """Write `pieces`, which belong together."""
        for piece in pieces:
            for character in piece:
                self._take(character)
        self._out.flush()

    def close(self) -> None:
        """Write what is left."""
        self._write_word()
        self._out.flush()

    def _take(self, character: str) -> None:
        if character in LINE_ENDS:
            self._write_word()
            self._new_line()
        elif character.isspace():
            self._write_word()
            self._has_space = self._has_begun
        elif not is_hidden(character):
            self._add(character)

    def _add(self, character: str) -> None:
        """Add `character` to the word; scripts that use no spaces may be broken after any wide character."""
        self._word += character
        if unicodedata.east_asian_width(character) in WIDE or self._fills_a_line():
            self._write_word()

    def _write_word(self) -> None:
        if not self._word:
            return
        space = " " if self._has_space else ""
        width = columns(space + self._word)
        if self._width and self._column > len(INDENT) and self._column + width > self._width:
            self._new_line()
            space, width = "", columns(self._word)
        self._out.write(self._indent + space + self._word)
        self._column += width
        self._word = self._indent = ""
        self._has_space, self._has_begun = False, True

    def _new_line(self) -> None:
        self._out.write("\n")
        self._indent, self._column, self._has_space = INDENT, len(INDENT), False

    def _fills_a_line(self) -> bool:
        return self._width is not None and columns(self._word) >= self._width - len(INDENT)


def columns(text: str) -> int:
    """How many columns of a terminal `text` takes."""
    return sum(map(_columns_of, text))


def width_of(out: TextIO) -> int | None:
    """The number of columns if `out` is a terminal that is wide enough for wrapping, else None."""
    width = shutil.get_terminal_size().columns if out.isatty() else 0
    return width if width >= MIN_WIDTH else None


def _columns_of(character: str) -> int:
    if unicodedata.category(character) in INVISIBLE:
        return 0
    return 2 if unicodedata.east_asian_width(character) in WIDE else 1
