"""The tables of docs/faults.md."""

from __future__ import annotations

from typing import NamedTuple

from local.environment import ROOT

PAGE = ROOT / "docs" / "faults.md"
SAME = "the same"


class Row(NamedTuple):
    """A fault, the response to it as JSON and as a stream, and the conversation afterwards."""

    fault: str
    answer: str
    stream: str
    conversation: str


def rows() -> dict[str, Row]:
    """Return the rows by fault, without Markdown's backticks and with 'the same' spelt out."""
    found = {}
    for line in PAGE.read_text("utf-8").splitlines():
        cells = [cell.strip().replace("`", "") for cell in line.strip("|").split("|")]
        if line.startswith("| ") and len(cells) == len(Row._fields) and cells[0] != "Fault":
            fault, answer, stream, conversation = cells
            found[fault] = Row(fault, answer, answer if stream == SAME else stream, conversation)
    return found
