"""Tables in HTML, made regular before they become Markdown."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4 import Tag

_BLOCKS = ["table", "h1", "h2", "h3", "h4", "h5", "h6"]
# More rows than this share no cell in any real table.
_MAX_SPAN = 200


def tidy_tables(element: Tag) -> None:
    """Make regular tables of those in `element`.

    Those that only arrange the page become blocks, cells that span rows are repeated in each of those rows,
    and vertical lines, which end a cell in Markdown, are escaped.
    """
    for table in element.find_all("table"):
        if _is_layout(table):
            _unwrap(table)
        else:
            _repeat_spanning_cells(table)
            for text in table.find_all(string=lambda string: string is not None and "|" in string):
                text.replace_with(text.replace("|", "\\|"))


def _is_layout(table: Tag) -> bool:
    if table.get("role") in {"presentation", "none"} or table.find(_BLOCKS) is not None:
        return True
    return all(len(row.find_all(["td", "th"], recursive=False)) <= 1 for row in table.find_all("tr"))


def _unwrap(table: Tag) -> None:
    """Make blocks of the table's own parts; a table within it stays."""
    for part in table.find_all(["thead", "tbody", "tfoot", "tr", "td", "th", "caption", "colgroup"]):
        if part.find_parent("table") is table:
            part.name = "div"
    table.name = "div"


def _repeat_spanning_cells(table: Tag) -> None:
    rows = [row for row in table.find_all("tr") if row.find_parent("table") is table]
    for index, row in enumerate(rows):
        cells = row.find_all(["td", "th"], recursive=False)
        for column, cell in enumerate(cells):
            span = str(cell.get("rowspan", "1"))
            del cell["rowspan"]
            if span.isdigit():
                _insert(rows[index + 1 : index + min(int(span), _MAX_SPAN)], column, cell)


def _insert(rows: list[Tag], column: int, cell: Tag) -> None:
    for row in rows:
        cells = row.find_all(["td", "th"], recursive=False)
        if column < len(cells):
            cells[column].insert_before(copy.copy(cell))
        else:
            row.append(copy.copy(cell))


def table_of(rows: list[list[str]]) -> str:
    """`rows`, the first of which is the header, as a Markdown table; short rows are filled up."""
    width = max(map(len, rows))
    lines = [[_cell(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
    lines.insert(1, ["---"] * width)
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")
