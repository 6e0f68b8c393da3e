"""Markdown as it is spoken: plain sentences, without marks, lists or tables.

Only what changes how a text is said is parsed: paragraphs, lists, tables, links and emphasis. A Markdown
library would be uploaded with every Worker and imported at each start for the sake of constructs that
cannot be heard.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

_ITEM = re.compile(r"^(\s*)(?:[-*+]|(\d{1,3})[.)])\s+(?:\[[ xX]\]\s+)?(.*)$")
_TABLE_RULE = re.compile(r"^\s*\|?[\s:|-]*-[\s:|-]*\|?\s*$")
_RULE = re.compile(r"^\s*(?:[-=*_]\s*){3,}$")
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_CELL_END = re.compile(r"(?<!\\)\|")
_NAMED = re.compile(r"^(?:\*\*(.+?)\*\*|__(.+?)__)|^([^.:!?]{1,40}):\s+\S")
_MARKS = (
    (re.compile(r"!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])"), r"\1"),
    (re.compile(r"<((?:https?|mailto):[^>\s]+)>"), r"\1"),
    (re.compile(r"</?[A-Za-z][^>]*>"), " "),
    (re.compile(r"`+([^`]*)`+"), r"\1"),
    (re.compile(r"\*{1,3}(?=\S)(.+?)(?<=\S)\*{1,3}"), r"\1"),
    (re.compile(r"(?<!\w)_{1,3}(?=\S)(.+?)(?<=\S)_{1,3}(?!\w)"), r"\1"),
    (re.compile(r"~~(.+?)~~"), r"\1"),
    (re.compile(r"\\([\\`*_{}\[\]()#+\-.!|~<>])"), r"\1"),
)
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*(?=\s)|[。！？]")  # noqa: RUF001 - the full stops of Chinese and Japanese
# A full stop after these, or after a single letter ('e.g.', 'a.m.'), seldom ends a sentence.
_ABBREVIATION = re.compile(
    r"(?:\b\w|\b(?:mr|mrs|ms|dr|st|no|nr|vs|etc|approx|inc|ltd|co|ca|bzw|tel))\.$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a list item or a table row, as it is spoken.

    `name` is what an item or a row is about (its bold or colon-ended beginning, its first cell, 'Step 2' of
    a numbered list), else empty. `noun` is what the table calls such a thing, else empty.
    """

    text: str
    name: str = ""
    noun: str = ""


def speakable(markdown: str) -> str:
    """`markdown`, which holds no headings, as one run of sentences; empty where there is nothing to say."""
    return " ".join(block.text for block in blocks(markdown))


def sentences(text: str) -> list[str]:
    """The sentences of a spoken text, in order; none for an empty one."""
    found: list[str] = []
    start = 0
    for end in _SENTENCE_END.finditer(text):
        piece = text[start : end.end()].strip()
        if piece and not _ABBREVIATION.search(piece):
            found.append(piece)
            start = end.end()
    rest = text[start:].strip()
    return [*found, rest] if rest else found


def inline(markdown: str) -> str:
    """One line without its marks: links keep their text, images their description."""
    for pattern, kept in _MARKS:
        markdown = pattern.sub(kept, markdown)
    return " ".join(html.unescape(markdown).split())


def blocks(markdown: str) -> list[Block]:
    """The paragraphs, list items and table rows of `markdown`, in order."""
    found: list[Block] = []
    for lines in _runs(markdown):
        if len(lines) > 1 and "|" in lines[0] and _TABLE_RULE.match(lines[1]):
            found += _rows(lines)
        elif item := _ITEM.match(lines[0]):
            found += _item(item, lines)
        else:
            found += _prose(" ".join(lines))
    return found


def _runs(markdown: str) -> list[list[str]]:
    """The lines that belong together: a list item with its continuation, a table, a paragraph."""
    runs: list[list[str]] = []
    joined = False
    for line in markdown.splitlines():
        bare = line.lstrip("> ") if line.lstrip().startswith(">") else line
        apart = not bare.strip() or _FENCE.match(bare) or (_RULE.match(bare) and "|" not in bare)
        if apart:
            joined = False
        elif joined and not _ITEM.match(bare):
            runs[-1].append(bare)
        else:
            runs.append([bare])
            joined = True
    return runs


def _prose(text: str) -> list[Block]:
    spoken = inline(text)
    return [Block(_ended(spoken))] if spoken else []


def _item(item: re.Match[str], lines: list[str]) -> list[Block]:
    indent, number, first = item.groups()
    raw = " ".join([first, *lines[1:]])
    spoken = inline(raw)
    if not spoken:
        return []
    if indent:
        return [Block(_ended(spoken))]
    named = _NAMED.match(raw.strip())
    name = inline(next(filter(None, named.groups()), "")).rstrip(":.") if named else ""
    return [Block(_ended(spoken), name or (f"Step {number}" if number else ""))]


def _rows(lines: list[str]) -> list[Block]:
    header = _cells(lines[0])
    rows = (_cells(line) for line in lines[2:])
    return [Block(_row(header, cells), cells[0], header[0]) for cells in rows if cells[0]]


def _row(header: list[str], cells: list[str]) -> str:
    """'Rye: 4 euros.' of two columns, 'Rye, price: 4 euros; weight: 1 kg.' of more."""
    first, *rest = cells
    if len(header) == 2:
        return _ended(f"{first}: {'; '.join(filter(None, rest))}")
    said = (f"{_lowered(title)}: {cell}" for title, cell in zip(header[1:], rest, strict=False) if cell)
    return _ended(f"{first}, {'; '.join(said)}")


def _cells(line: str) -> list[str]:
    return [inline(cell) for cell in _CELL_END.split(line.strip().removeprefix("|").removesuffix("|"))]


def _lowered(title: str) -> str:
    """A column's title within a sentence; 'VAT' and 'API access' stay."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def _ended(text: str) -> str:
    text = text.rstrip(" ,;:")
    return text if text.endswith((".", "!", "?", "…", "。", "！", "？")) else f"{text}."  # noqa: RUF001 - as above
