"""A SQLite database, run as D1 runs it."""

from __future__ import annotations

import re
import sqlite3
import time
import weakref
from contextlib import contextmanager
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
        # Without the cache of statements, in which one of ours would count as authorized.
        self._connection = sqlite3.connect(
            path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=0
        )
        weakref.finalize(self, self._connection.close)
        self._connection.text_factory = _decode
        self._connection.execute("PRAGMA foreign_keys = ON")
        for limit, value in LIMITS.items():
            self._connection.setlimit(limit, value)

    def close(self) -> None:
        """Close the file, or forget what is in memory."""
        self._connection.close()

    def run(self, queries: Sequence[Query]) -> list[Outcome]:
        """Run all `queries` in one transaction; raises `D1Error`, after which nothing has changed.

        Of a query of several statements, the rows are the last one's. Queries of comments alone are left out.
        """
        queries = [query for query in queries if COMMENT_LINES.sub("", query.sql).strip()]
        if not queries:
            raise failure("No SQL statements detected.")
        authorizer = Authorizer()
        try:
            with self._transaction():
                return [self._run(query, authorizer) for query in queries]
        except sqlite3.Error as error:
            raise failure(authorizer.denial or reason_of(error)) from error

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        finally:
            if self._connection.in_transaction:  # some errors end it themselves
                self._connection.execute("ROLLBACK")

    def _run(self, query: Query, authorizer: Authorizer) -> Outcome:
        before, begin = self._state(), time.perf_counter()
        self._connection.set_authorizer(authorizer)
        try:
            cursor = self._execute(query)
            rows = [[to_python(value) for value in row] for row in cursor.fetchall()]
        finally:
            self._connection.set_authorizer(None)
        columns = [column for column, *_ in cursor.description or ()]
        return Outcome(columns, rows, _meta(before, self._state(), time.perf_counter() - begin))

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
        ((row_id, pages, page_size),) = self._connection.execute(
            "SELECT last_insert_rowid(), page_count, page_size FROM pragma_page_count, pragma_page_size"
        )
        return _State(self._connection.total_changes, row_id, pages * page_size)


def split_statements(sql: str) -> list[str]:
    """Split `sql` after each semicolon that ends a statement, those within a trigger excepted."""
    statements, start = [], 0
    for end in (match.end() for match in re.finditer(";", sql)):
        if sqlite3.complete_statement(sql[start:end]):
            statements.append(sql[start:end])
            start = end
    return [*statements, sql[start:]] if sql[start:].strip() else statements


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
