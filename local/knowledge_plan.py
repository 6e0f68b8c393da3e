"""What has to be done to a database so that it holds the knowledge: statements that add, remove and switch.

Statements for the next version come first. Nothing of it is visible until the one that makes it current. What
a plan that was carried out in part has done is kept by the next one, as far as it is still wanted.
"""

# ruff: noqa: S608 - the statements are made of numbers and of literals with their quotes doubled

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from knowledge.bm25 import columns
from knowledge.passages import split_each

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from knowledge.passages import Passage

STATE = "SELECT k.version, p.number, p.hash, p.added, p.removed FROM knowledge AS k LEFT JOIN passages AS p"


class Target(Protocol):
    """A database that a plan is carried out in."""

    def query(self, statement: str) -> list[Mapping[str, Any]]:
        """Run one statement and return its rows."""
        ...

    def run(self, statements: Sequence[str]) -> None:
        """Run `statements` in order."""
        ...


@dataclass(frozen=True, slots=True)
class Plan:
    """How many passages are added, removed and kept, and the statements for it; none if nothing changes."""

    added: int
    removed: int
    kept: int
    statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """A passage as it is stored, without the version that has it; `hash` is that of all the rest."""

    values: tuple[str | int | None, ...]
    terms: tuple[str, str, str]
    hash: str


def rows_of(documents: Mapping[str, str]) -> list[Row]:
    """The rows for `documents`, Markdown by file name. Raises `ConfigurationError` if they have no text."""
    return [
        _row(name, position, passage)
        for name, passages in split_each(documents).items()
        for position, passage in enumerate(passages)
    ]


def plan(rows: Sequence[Row], state: Iterable[Mapping[str, Any]]) -> Plan:
    """What turns a database with this `state` (the result of `STATE`) into one with `rows`."""
    found = list(state)
    version = found[0]["version"] + 1
    stored = {
        row["hash"]: row for row in found if row["number"] is not None and row["removed"] in (None, version)
    }
    wanted = {row.hash: row for row in rows}
    new = [row for row in wanted.values() if row.hash not in stored]
    gone = [row for found_hash, row in stored.items() if found_hash not in wanted]
    back = [row for row in stored.values() if row["hash"] in wanted and row["removed"] is not None]
    pending = any(row["added"] == version for row in stored.values())
    if not (new or gone or back or pending):
        return Plan(0, 0, len(wanted), ())
    number = max((row["number"] or 0 for row in found), default=0)
    statements = [
        *(f"UPDATE passages SET removed = NULL WHERE number = {row['number']};" for row in back),
        *(f"UPDATE passages SET removed = {version} WHERE number = {row['number']};" for row in gone),
        *(one for at, row in enumerate(new, number + 1) for one in _insert(row, at, version)),
        f"UPDATE knowledge SET version = {version};",
        *_clean_up(version),
    ]
    return Plan(len(new), len(gone), len(wanted) - len(new), tuple(statements))


def push(documents: Mapping[str, str], target: Target) -> Plan:
    """Make `target` hold `documents`, and return what that took."""
    made = plan(rows_of(documents), target.query(STATE))
    if made.statements:
        target.run(made.statements)
    return made


def _insert(row: Row, number: int, version: int) -> Iterator[str]:
    values = ", ".join(map(_literal, (number, row.hash, *row.values, version)))
    names = "number, hash, id, document, position, path, text, url, title, added"
    yield f"INSERT INTO passages ({names}) VALUES ({values});"
    terms = ", ".join(map(_literal, (number, *row.terms)))
    yield f"INSERT INTO passage_terms (rowid, heading, above, body) VALUES ({terms});"


def _clean_up(version: int) -> Iterator[str]:
    gone = f"SELECT number FROM passages WHERE removed <= {version}"
    yield f"DELETE FROM passage_terms WHERE rowid IN ({gone});"
    yield f"DELETE FROM passages WHERE removed <= {version};"


def _row(document: str, position: int, passage: Passage) -> Row:
    path = json.dumps(passage.path, ensure_ascii=False)
    values = (passage.id, document, position, path, passage.text, passage.url, passage.title)
    heading, above, body = (" ".join(column) for column in columns(passage))
    digest = hashlib.sha256(json.dumps([values, heading, above, body]).encode()).hexdigest()[:32]
    return Row(values, (heading, above, body), digest)


def _literal(value: object) -> str:
    if value is None:
        return "NULL"
    return (
        str(value)
        if isinstance(value, int)
        else "'{}'".format(str(value).replace("\0", "").replace("'", "''"))
    )
