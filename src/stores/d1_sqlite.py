"""A SQLite database, run as D1 runs it."""

from __future__ import annotations

import re
import sqlite3
import time
import weakref
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from stores.d1_errors import TOO_BIG, failure, reason_of
from stores.d1_rules import LIMITS, MAX_VALUE_BYTES, Authorizer
from stores.d1_values import SqliteValue, to_python

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BUSY_SECONDS = 1.0
ONLY_LAST_HAS_PARAMETERS = (
    "When executing multiple SQL statements in a single call, only the last statement can have parameters."
)
# Our own statements. Python caches statements by their text: the agent's have to be others, to be authorized.
BEGIN, COMMIT, ROLLBACK = (f"{verb} -- D1" for verb in ("BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"))
STATE = """
SELECT last_insert_rowid(), page_count * page_size FROM pragma_page_count, pragma_page_size -- D1
"""
COMMENT_LINES = re.compile(r"^\s*--.*", re.MULTILINE)
NO_STATEMENT = re.compile(r"(\s|;|--[^\n]*(\n|$)|/\*.*?\*/)*", re.DOTALL)


class Query(NamedTuple):
    """SQL, and the values of its parameters."""

    sql: str
    values: tuple[SqliteValue, ...] = ()


class Outcome(NamedTuple):
    """The rows that a query returned, as the Worker receives them, and D1's `meta` about it."""

    columns: list[str]
    rows: list[list[Any]]
    meta: dict[str, Any]


class _State(NamedTuple):
    changes: int
    last_row_id: int
    size: int


class SqliteDatabase:
    """The database in the file at `path`, which is created if it is missing, or one in memory.

    Raises `sqlite3.Error` if the file cannot be used. It may be used from any thread, by one at a time.
    Another process that writes to the file is waited for, up to `BUSY_SECONDS`.
    """

    def __init__(self, path: str = ":memory:") -> None:
        self._authorizer = Authorizer()
        self._connection = sqlite3.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        weakref.finalize(self, self._connection.close)
        self._connection.text_factory = _decode
        self._connection.execute("PRAGMA foreign_keys = ON")
        for limit, value in LIMITS.items():
            self._connection.setlimit(limit, value)
        self._connection.set_authorizer(self._authorizer)

    def close(self) -> None:
        """Close the file, or forget what is in memory."""
        self._connection.close()

    def run(self, queries: Sequence[Query]) -> list[Outcome]:
        """Run all `queries` in one transaction; raises `D1Error`, after which nothing has changed.

        Of a query of several statements, the rows are the last one's. Queries of comments alone are left out.
        """
        queries = [query for query in queries if split_statements(query.sql)]
        if not queries:
            raise failure("No SQL statements detected.")
        self._authorizer.denial = None
        try:
            with self._transaction():
                return list(self._outcomes(queries))
        except sqlite3.Error as error:
            raise failure(self._authorizer.denial or reason_of(error)) from error

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._trusted(BEGIN)
        try:
            yield
            self._trusted(COMMIT)
        finally:
            if self._connection.in_transaction:  # some errors end it themselves
                self._trusted(ROLLBACK)

    def _outcomes(self, queries: Sequence[Query]) -> Iterator[Outcome]:
        before = self._state()
        for query in queries:
            begin = time.perf_counter()
            cursor = self._execute(query)
            rows = [[to_python(value) for value in row] for row in cursor.fetchall()]
            seconds = time.perf_counter() - begin
            after = self._state()
            columns = [column for column, *_ in cursor.description or ()]
            yield Outcome(columns, rows, _meta(before, after, seconds))
            before = after

    def _execute(self, query: Query) -> sqlite3.Cursor:
        if any(isinstance(value, bytes | str) and _size(value) > MAX_VALUE_BYTES for value in query.values):
            raise failure(TOO_BIG)
        *earlier, last = split_statements(query.sql)
        for statement in earlier:
            try:
                self._connection.execute(statement)
            except sqlite3.ProgrammingError as error:  # it has parameters
                raise failure(ONLY_LAST_HAS_PARAMETERS) from error
        if NO_STATEMENT.fullmatch(last):
            raise failure("SQL code did not contain a statement.")
        return self._connection.execute(last, query.values)

    def _state(self) -> _State:
        ((row_id, size),) = self._trusted(STATE)
        return _State(self._connection.total_changes, row_id, size)

    def _trusted(self, sql: str) -> sqlite3.Cursor:
        self._authorizer.trusting = True
        try:
            return self._connection.execute(sql)
        finally:
            self._authorizer.trusting = False


@lru_cache(maxsize=256)
def split_statements(sql: str) -> tuple[str, ...]:
    """Split `sql` after each semicolon that ends a statement, those within a trigger excepted.

    Returns nothing if there are only lines of comments.
    """
    if not COMMENT_LINES.sub("", sql).strip():
        return ()
    statements, start = [], 0
    for end in (match.end() for match in re.finditer(";", sql)):
        if sqlite3.complete_statement(sql[start:end]):
            statements.append(sql[start:end])
            start = end
    return (*statements, *filter(str.strip, [sql[start:]]))


def _meta(before: _State, after: _State, seconds: float) -> dict[str, Any]:
    """D1's `meta`, without `rows_read` and `rows_written`, which SQLite itself does not count."""
    return {
        "served_by": "sqlite3",
        "duration": seconds * 1000,
        "changes": after.changes - before.changes,
        "last_row_id": after.last_row_id,
        "changed_db": after != before,
        "size_after": after.size,
    }


def _size(value: str | bytes) -> int:
    return len(value.encode() if isinstance(value, str) else value)


def _decode(text: bytes) -> str:
    return text.decode(errors="replace")
