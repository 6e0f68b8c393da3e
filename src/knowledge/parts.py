"""Long texts in parts: between paragraphs, items of a list or rows of a table, never within a sentence."""

from __future__ import annotations

import re

# A passage is what is found and quoted as a whole: about 300 tokens of English.
MAX_PART_CHARS = 1200

_FENCE = re.compile(r"^\s*(?:```|~~~)")
_ITEM = re.compile(r"^(?:[-*+]|\d{1,3}[.)])\s")
_DELIMITER = re.compile(r"^\s*\|?[\s:|-]*-[\s:|-]*\|[\s:|-]*$")


def parts(text: str, max_chars: int = MAX_PART_CHARS) -> list[str]:
    """`text`, Markdown, in parts of at most `max_chars` characters; longer only where it has no break.

    Each part of a table begins with the table's header.
    """
    if len(text) <= max_chars:
        return [text]
    found: list[str] = []
    for block in _blocks(text):
        for piece in _pieces(block, max_chars):
            if found and len(found[-1]) + len(piece) + 2 <= max_chars:
                found[-1] += f"\n\n{piece}"
            else:
                found.append(piece)
    return found


def _blocks(text: str) -> list[str]:
    """Split at empty lines, those within a fence excepted."""
    blocks: list[list[str]] = [[]]
    in_fence = False
    for line in text.split("\n"):
        in_fence ^= bool(_FENCE.match(line))
        if line.strip() or in_fence:
            blocks[-1].append(line)
        elif blocks[-1]:
            blocks.append([])
    return ["\n".join(block) for block in blocks if block]


def _pieces(block: str, max_chars: int) -> list[str]:
    lines = block.split("\n")
    if len(block) <= max_chars or _FENCE.match(block):
        return [block]
    delimiter = next((at for at, line in enumerate(lines) if at and _DELIMITER.match(line)), None)
    if delimiter is None:
        return _packed(_items(lines), "", max_chars)
    before, header = lines[: delimiter - 1], "\n".join(lines[delimiter - 1 : delimiter + 1])
    return ["\n".join(before)] * bool(before) + _packed(lines[delimiter + 1 :], header, max_chars)


def _items(lines: list[str]) -> list[str]:
    """The items of a list, each with its lines, or the lines of a paragraph."""
    items: list[str] = []
    is_list = any(map(_ITEM.match, lines))
    for line in lines:
        if items and is_list and not _ITEM.match(line):
            items[-1] += f"\n{line}"
        else:
            items.append(line)
    return items


def _packed(pieces: list[str], header: str, max_chars: int) -> list[str]:
    """As many of `pieces` as fit in each part, below `header`."""
    found: list[str] = []
    for piece in pieces:
        if found and len(found[-1]) + len(piece) + 1 <= max_chars:
            found[-1] += f"\n{piece}"
        else:
            found.append(f"{header}\n{piece}" if header else piece)
    return found
