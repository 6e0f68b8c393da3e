"""Bytes as text, and text as it may stand in a knowledge file."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from visible_text import visible_lines

# Where a web page declares its encoding (HTML standard, "prescan a byte stream"): in its first 1,024 bytes.
_META_CHARSET = re.compile(rb"<meta[^>]+?charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_META_BYTES = 1024
_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_BLANK_LINES = re.compile(r"\n{3,}")
_WESTERN = "cp1252"
# The beginnings of the names of Unicode blocks in which undeclared pages of other scripts are written.
_OTHER_SCRIPTS = ("Arabic", "CJK", "Cyrillic", "Greek", "Hangul", "Hebrew", "Hiragana", "Katakana", "Thai")


def decode(data: bytes, declared: str | None = None) -> str:
    """Decode `data`: by its byte order mark, as declared, as UTF-8, or by the encoding that fits best.

    `declared` is the encoding that the server or the file states, if any. Never fails: what cannot be decoded
    becomes U+FFFD.
    """
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return data.decode(encoding, "replace").removeprefix("\ufeff")
    for encoding in filter(None, [_known(declared), "utf-8"]):
        try:
            return data.decode(encoding)
        except (UnicodeError, LookupError):  # the latter for what is not an encoding of text
            continue
    return data.decode(_guess(data), "replace")


def declared_in_html(data: bytes) -> str | None:
    """The encoding that a web page declares for itself."""
    found = _META_CHARSET.search(data[:_META_BYTES])
    return found[1].decode("ascii") if found else None


def tidy(text: str) -> str:
    """`text` without invisible characters, trailing spaces, and more than one blank line in a row.

    The start of an HTML comment is broken up: it would hide the rest of the file from the agent.
    """
    lines = (line.rstrip() for line in visible_lines(text))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).replace("<!--", "<! --").strip()


def one_line(text: str) -> str:
    """`text` on one line, each run of white space as one space; otherwise as `tidy`."""
    return tidy(" ".join(" ".join(visible_lines(text)).split()))


def _known(declared: str | None) -> str | None:
    """Python's name of the encoding, or None. As browsers do, Latin-1 is read as Windows-1252."""
    try:
        name = codecs.lookup(declared or "").name
    except LookupError:
        return None
    return _WESTERN if name in {"iso8859-1", "ascii"} else name


def _guess(data: bytes) -> str:
    """Windows-1252, as in browsers, unless the text reads as one in another script than Latin."""
    best = from_bytes(data).best()
    scripts = best.alphabets if best else []
    is_other = any("Latin" not in script and script.startswith(_OTHER_SCRIPTS) for script in scripts)
    return best.encoding if best and is_other else _WESTERN
