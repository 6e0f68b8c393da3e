"""Markdown as spoken text: plain sentences instead of markup, lists and tables.

Only what affects the spoken text is parsed: paragraphs, lists, tables, links and emphasis. A Markdown library
would be uploaded with every Worker and imported at every start, for constructs that cannot be heard.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

_LIST_ITEM = re.compile(r"^(\s*)(?:[-*+]|(\d{1,3})[.)])\s+(?:\[[ xX]\]\s+)?(.*)$")
_TABLE_DELIMITER = re.compile(r"^\s*\|?[\s:|-]*-[\s:|-]*\|?\s*$")
_THEMATIC_BREAK = re.compile(r"^\s*(?:[-=*_]\s*){3,}$")
_FENCE = re.compile(r"^\s*(?:```|~~~)")
_CELL_END = re.compile(r"(?<!\\)\|")
_ITEM_NAME = re.compile(r"^(?:\*\*(.+?)\*\*|__(.+?)__)|^([^.:!?]{1,40}):\s+\S")
_INLINE_MARKUP = (
    (re.compile(r"!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])"), r"\1"),
    (re.compile(r"<((?:https?|mailto):[^>\s]+)>"), r"\1"),
    (re.compile(r"</?[A-Za-z][^>]*>"), " "),
    (re.compile(r"`+([^`]*)`+"), r"\1"),
    (re.compile(r"\*{1,3}(?=\S)(.+?)(?<=\S)\*{1,3}"), r"\1"),
    (re.compile(r"(?<!\w)_{1,3}(?=\S)(.+?)(?<=\S)_{1,3}(?!\w)"), r"\1"),
    (re.compile(r"~~(.+?)~~"), r"\1"),
    (re.compile(r"\\([\\`*_{}\[\]()#+\-.!|~<>])"), r"\1"),
)
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*(?=\s)|[。！？]")  # noqa: RUF001 - Chinese and Japanese punctuation
# A full stop after one of these, or after a single letter ('e.g.', 'a.m.'), rarely ends a sentence.
_ABBREVIATION = re.compile(
    r"(?:\b\w|\b(?:mr|mrs|ms|dr|st|no|nr|vs|etc|approx|inc|ltd|co|ca|bzw|tel))\.$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a list item or a table row, as spoken text.

    `name` is what an item or row is about: its beginning, if bold or followed by a colon; its first cell; or
    'Step 2' in a numbered list. `noun` is the heading of a table's first column. `lead` is the paragraph with
    a colon at its end that introduces a list. All are empty by default; items and rows are `listed`.
    """

    text: str
    name: str = ""
    noun: str = ""
    lead: str = ""
    listed: bool = False


def sentences(text: str) -> list[str]:
    """Split a spoken text into its sentences."""
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
    """Remove the markup from a line. Links keep their text, and images their description."""
    for pattern, replacement in _INLINE_MARKUP:
        markdown = pattern.sub(replacement, markdown)
    return " ".join(html.unescape(markdown).split())


def blocks(markdown: str) -> list[Block]:
    """Return the paragraphs, list items and table rows of `markdown`, which has no headings, in order."""
    found: list[Block] = []
    lead = ""
    for lines in _runs(markdown):
        if len(lines) > 1 and "|" in lines[0] and _TABLE_DELIMITER.match(lines[1]):
            found += _rows(lines, lead)
        elif item := _LIST_ITEM.match(lines[0]):
            found += _item(item, lines, lead)
        else:
            spoken = inline(" ".join(lines))
            lead = spoken if spoken.endswith(":") else ""
            found += [Block(spoken if lead else _as_sentence(spoken))] if spoken else []
    return found


def _runs(markdown: str) -> list[list[str]]:
    """Group the lines that belong together: a list item and its continuation, a table, or a paragraph."""
    runs: list[list[str]] = []
    in_run = False
    for line in markdown.splitlines():
        bare = line.lstrip("> ") if line.lstrip().startswith(">") else line
        is_break = _THEMATIC_BREAK.match(bare) and "|" not in bare
        if not bare.strip() or _FENCE.match(bare) or is_break:
            in_run = False
        elif in_run and not _LIST_ITEM.match(bare):
            runs[-1].append(bare)
        else:
            runs.append([bare])
            in_run = True
    return runs


def _item(item: re.Match[str], lines: list[str], lead: str) -> list[Block]:
    indent, number, first = item.groups()
    raw = " ".join([first, *lines[1:]])
    spoken = inline(raw)
    if not spoken:
        return []
    if indent:
        return [Block(_as_sentence(spoken), lead=lead, listed=True)]
    named = _ITEM_NAME.match(raw.strip())
    name = inline(next(filter(None, named.groups()), "")).rstrip(":.") if named else ""
    name = name or (f"Step {number}" if number else "")
    return [Block(_as_sentence(spoken), name, lead=lead, listed=True)]


def _rows(lines: list[str], lead: str) -> list[Block]:
    header = _cells(lines[0])
    rows = (_cells(line) for line in lines[2:])
    return [Block(_row(header, cells), cells[0], header[0], lead, listed=True) for cells in rows if cells[0]]


def _row(header: list[str], cells: list[str]) -> str:
    """Word a row: 'Rye: 4 euros.' with two columns, 'Rye, price: 4 euros; weight: 1 kg.' with more."""
    name, *values = cells
    titles = header[1:]
    if len(titles) == 1:
        return _as_sentence(f"{name}: {'; '.join(filter(None, values))}")
    facts = (f"{_lower_initial(title)}: {cell}" for title, cell in zip(titles, values, strict=False) if cell)
    return _as_sentence(f"{name}, {'; '.join(facts)}")


def _cells(line: str) -> list[str]:
    return [inline(cell) for cell in _CELL_END.split(line.strip().removeprefix("|").removesuffix("|"))]


def _lower_initial(title: str) -> str:
    """Lower the initial of a column's title, but not in 'VAT' or 'API access'."""
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def _as_sentence(text: str) -> str:
    text = text.rstrip(" ,;:")
    return text if text.endswith((".", "!", "?", "…", "。", "！", "？")) else f"{text}."  # noqa: RUF001 - as above
