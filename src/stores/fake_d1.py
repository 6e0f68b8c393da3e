"""D1's own interface over SQLite, so that the agent can run on it without Cloudflare."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from stores.d1_errors import D1Error
from stores.d1_faults import NoFaults
from stores.d1_sqlite import Outcome, Query
from stores.d1_values import Fields, to_sqlite

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from clock import Clock
    from stores.d1_faults import Operation
    from stores.d1_sqlite import SqliteDatabase

_WHOLE_ROW = object()


class FakeD1:
    """A D1 database as a Python Worker sees the binding.

    Every call may raise `D1Error` with D1's own message, but for the offset of the error in the statement.
    `calls` counts the calls of each operation, including those that fail.
    """

    def __init__(self, database: SqliteDatabase, clock: Clock, faults: NoFaults | None = None) -> None:
        self.calls: Counter[Operation] = Counter()
        self._database = database
        self._clock = clock
        self._faults = faults or NoFaults()

    def prepare(self, query: str) -> FakeStatement:
        """Return a statement. Mistakes in `query` are reported when it is run."""
        return FakeStatement(self, Query(query))

    async def batch(self, statements: Sequence[FakeStatement]) -> list[Fields]:
        """Run all `statements` in one transaction, and return what `all` of each returns.

        Those of comments alone are left out. If one fails, nothing has changed.
        """
        return [
            _result(outcome) for outcome in await self.execute("batch", [one.query for one in statements])
        ]

    async def exec(self, query: str) -> Fields:
        """Run each line of `query` as a statement, all in one transaction; return `count` and `duration`.

        A statement must not extend over several lines. Errors always name the first line.
        """
        lines = query.strip().split("\n")
        try:
            outcomes = await self.execute("exec", [Query(line) for line in lines])
        except D1Error as error:
            reason = str(error).removeprefix("D1_ERROR: ")
            message = f"D1_EXEC_ERROR: Error in line 1: {lines[0]}: {reason}"
            raise D1Error(message) from error
        duration = sum(outcome.meta["duration"] for outcome in outcomes)
        return Fields(count=len(outcomes), duration=duration)

    def withSession(self, constraint: str | None = None) -> FakeSession:  # noqa: N802 - D1's own name
        """Return a session in which reads see at least what was written before.

        There are no replicas here, so this is true of all reads, and `constraint`, where to read first, has
        no effect.
        """
        del constraint
        return FakeSession(self)

    async def execute(self, operation: Operation, queries: Sequence[Query]) -> list[Outcome]:
        """Run `queries` in one transaction; for statements, not part of D1's interface."""
        self.calls[operation] += 1
        await self._faults.before(operation, self._clock)
        outcomes = self._database.run(queries)
        await self._faults.after(operation)
        return outcomes


class FakeStatement:
    """A prepared statement. It is immutable and can be run any number of times."""

    def __init__(self, database: FakeD1, query: Query) -> None:
        self.query = query
        self._database = database

    def bind(self, *values: object) -> FakeStatement:
        """Return the same statement with values for its parameters; see `to_sqlite` for what is allowed."""
        return FakeStatement(self._database, Query(self.query.sql, tuple(map(to_sqlite, values))))

    async def all(self) -> Fields:
        """Run the statement; return its rows as dicts in `results`, and `success` and `meta`.

        Of columns with the same name, the last one is returned.
        """
        return _result(await self._run("all"))

    async def run(self) -> Fields:
        """The same as `all`."""
        return _result(await self._run("run"))

    async def first(self, column: object = _WHOLE_ROW) -> Any:
        """Run the statement; return its first row, or that row's value in `column`, or None without rows."""
        rows = _result(await self._run("first")).results
        if not rows or column is _WHOLE_ROW:
            return rows[0] if rows else None
        if column not in rows[0]:
            message = f"D1_COLUMN_NOTFOUND: Column not found ({'null' if column is None else column})"
            raise D1Error(message)
        return rows[0][column]

    async def raw(self, options: Mapping[str, object] | None = None, **named: object) -> list[list[Any]]:
        """Run the statement; return its rows as lists, after one of the columns if `columnNames` is true."""
        outcome = await self._run("raw")
        wanted = (named if options is None else options).get("columnNames")
        return [outcome.columns, *outcome.rows] if wanted else outcome.rows

    async def _run(self, operation: Operation) -> Outcome:
        (outcome,) = await self._database.execute(operation, [self.query])
        return outcome


class FakeSession:
    """The part of a database that a session has."""

    def __init__(self, database: FakeD1) -> None:
        self.prepare = database.prepare
        self.batch = database.batch


def _result(outcome: Outcome) -> Fields:
    rows = [Fields(zip(outcome.columns, row, strict=True)) for row in outcome.rows]
    return Fields(success=True, meta=Fields(outcome.meta), results=rows)
