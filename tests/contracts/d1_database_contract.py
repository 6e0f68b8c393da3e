"""The contract of what the agent uses of D1, `stores.d1.D1Database`: the shim and the edge's own binding.

Each check makes a table of its own, so that all of them can share one database.
"""

from __future__ import annotations

from tests.contracts.checks import Binding, Check, raises, register
from tests.contracts.d1_calls import column, rows

CHECKS: dict[str, Check] = {}


@register(CHECKS)
async def check_database_values(d1: Binding) -> None:
    """Text, numbers and None come back as they were; bytes as a list of integers."""
    for value in ("", "Grüße 🌍\r\n\t\0'\"\\", "\ufeff", "null", 5, -1, 0, 2.5, 2**53 - 2, None):
        (row,) = await rows(d1, "SELECT ?1 AS value, ?1 IS NULL AS missing", value)
        assert row == {"value": value, "missing": int(value is None)}
        assert type(row["value"]) is type(value)
    assert await rows(d1, "SELECT ? AS value", b"\x00\xff") == [{"value": [0, 255]}]
    await raises(rows(d1, "SELECT ?", 2**53), "D1_TYPE_ERROR: Type 'bigint' not supported")


@register(CHECKS)
async def check_database_result(d1: Binding) -> None:
    """A result has the rows in order, whether the call succeeded, and what it changed."""
    await d1.prepare("CREATE TABLE database_result (id INTEGER PRIMARY KEY, name TEXT)").all()
    insert = d1.prepare("INSERT INTO database_result (name) VALUES (?), (NULL) RETURNING id, name")
    result = await insert.bind("a").all()
    assert result["results"] == [{"id": 1, "name": "a"}, {"id": 2, "name": None}]
    assert result["success"] is True
    assert (result["meta"]["changes"], result["meta"]["last_row_id"]) == (2, 2)
    assert (await d1.prepare("SELECT 1 WHERE 0").all())["results"] == []


@register(CHECKS)
async def check_database_batch(d1: Binding) -> None:
    """A batch is one transaction, and gives the result of each statement in order."""
    await d1.prepare("CREATE TABLE database_batch (name TEXT UNIQUE)").all()
    insert = d1.prepare("INSERT INTO database_batch VALUES (?) RETURNING name")
    count = d1.prepare("SELECT count(*) AS n FROM database_batch")
    results = await d1.batch([insert.bind("a"), insert.bind("b"), count])
    assert [result["results"] for result in results] == [[{"name": "a"}], [{"name": "b"}], [{"n": 2}]]
    constraint = "D1_ERROR: UNIQUE constraint failed: database_batch.name: SQLITE_CONSTRAINT"
    await raises(d1.batch([insert.bind("c"), insert.bind("a")]), constraint)
    assert await column(d1, "database_batch") == ["a", "b"]


@register(CHECKS)
async def check_database_errors(d1: Binding) -> None:
    """Errors have D1's words."""
    await raises(rows(d1, "SELECT * FROM none"), "D1_ERROR: no such table: none: SQLITE_ERROR")
    await raises(rows(d1, "SELECT ?"), "D1_ERROR: Wrong number of parameter bindings for SQL query.")
    await raises(d1.batch([]), "D1_ERROR: No SQL statements detected.")
