"""The contract of a D1 binding for single statements: results, what changed, and errors."""

from __future__ import annotations

from tests.contracts.checks import Binding, Check, raises, register
from tests.contracts.d1_calls import column, rows, value

CHECKS: dict[str, Check] = {}
WRONG_NUMBER = "D1_ERROR: Wrong number of parameter bindings for SQL query."
NO_STATEMENTS = "D1_ERROR: No SQL statements detected."


@register(CHECKS)
async def check_all_and_run_return_rows(d1: Binding) -> None:
    """Both return the rows, whether the call succeeded, and what it changed; items are attributes too."""
    statement = d1.prepare("SELECT ?1 AS one UNION ALL SELECT 2").bind(1)
    for found in (await statement.all(), await statement.run()):
        assert found["results"] == found.results == [{"one": 1}, {"one": 2}]
        assert found["success"] is True
        assert (found["meta"]["changes"], found.meta.changed_db) == (0, False)
        assert found.results[1].one == 2


@register(CHECKS)
async def check_first(d1: Binding) -> None:
    """The first row, or one of its values; None if there is no row."""
    assert await d1.prepare("SELECT 1 AS a, NULL AS b UNION ALL SELECT 2, 3").first() == {"a": 1, "b": None}
    assert await d1.prepare("SELECT 1 AS a, NULL AS b").first("a") == 1
    assert await d1.prepare("SELECT 1 AS a, NULL AS b").first("b") is None
    nothing = d1.prepare("SELECT 1 AS a WHERE 0")
    assert await nothing.first() is None
    assert await nothing.first("none") is None
    for name, shown in (("none", "none"), (None, "null")):
        await raises(
            d1.prepare("SELECT 1 AS a").first(name), f"D1_COLUMN_NOTFOUND: Column not found ({shown})"
        )


@register(CHECKS)
async def check_raw(d1: Binding) -> None:
    """Rows as lists, after the names of the columns if those are asked for."""
    statement = d1.prepare("SELECT 1 AS a, 'x' AS b UNION ALL SELECT 2, NULL")
    assert await statement.raw() == [[1, "x"], [2, None]]
    for found in (await statement.raw(columnNames=True), await statement.raw({"columnNames": True})):
        assert found == [["a", "b"], [1, "x"], [2, None]]
    assert await d1.prepare("SELECT 1 AS a WHERE 0").raw() == []


@register(CHECKS)
async def check_changes_and_last_row_id(d1: Binding) -> None:
    """`changes` counts the rows that one call inserted, replaced, updated or deleted."""
    made = await d1.prepare("CREATE TABLE changes (id INTEGER PRIMARY KEY, name TEXT UNIQUE)").run()
    assert (made.meta.changes, made.meta.changed_db) == (0, True)
    for sql, changes, last_row_id in (
        ("INSERT INTO changes (name) VALUES ('a'), ('b'), ('c')", 3, 3),
        ("INSERT OR IGNORE INTO changes (name) VALUES ('a')", 0, 3),
        ("INSERT INTO changes VALUES (9, 'a') ON CONFLICT (name) DO UPDATE SET name = 'd'", 1, 3),
        ("REPLACE INTO changes VALUES (7, 'b')", 1, 7),
        ("UPDATE changes SET name = name || '!' WHERE id < 7", 2, 7),
        ("UPDATE changes SET name = 'none' WHERE id = 99", 0, 7),
        ("DELETE FROM changes", 3, 7),
    ):
        meta = (await d1.prepare(sql).run()).meta
        assert (meta.changes, meta.last_row_id, meta.changed_db) == (changes, last_row_id, changes > 0), sql


@register(CHECKS)
async def check_returning(d1: Binding) -> None:
    """Rows that a write returns are results."""
    await d1.prepare("CREATE TABLE returning_rows (id INTEGER PRIMARY KEY, name TEXT)").run()
    sql = "INSERT INTO returning_rows (name) VALUES (?), (?) RETURNING id, name"
    assert await rows(d1, sql, "a", "b") == [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]
    assert await column(d1, "returning_rows") == ["a", "b"]


@register(CHECKS)
async def check_number_of_values_must_match(d1: Binding) -> None:
    """Too few or too many raise when the statement is run, not when it is bound."""
    for sql, values in (("SELECT ?", ()), ("SELECT ?, ?", (1,)), ("SELECT ?", (1, 2)), ("SELECT 1", (1,))):
        await raises(d1.prepare(sql).bind(*values).all(), WRONG_NUMBER)
    assert await value(d1, "?2 || ?1 || ?2", "a", "b") == "bab"
    assert await value(d1, "?2", 1, 2) == 2


@register(CHECKS)
async def check_statement_can_be_bound_and_run_again(d1: Binding) -> None:
    """Binding makes a new statement; the first one stays without values."""
    statement = d1.prepare("SELECT ? AS value")
    one, two = statement.bind(1), statement.bind(2)
    assert [await one.first("value"), await two.first("value"), await one.first("value")] == [1, 2, 1]
    assert await one.bind(3).first("value") == 3
    await raises(statement.first(), WRONG_NUMBER)


@register(CHECKS)
async def check_sql_errors(d1: Binding) -> None:
    """Errors have SQLite's message and the name of its code."""
    await d1.prepare("CREATE TABLE sql_errors (a TEXT NOT NULL CHECK (length(a) < 3), b UNIQUE)").run()
    await d1.prepare("INSERT INTO sql_errors VALUES ('a', 1)").run()
    constraint = "D1_ERROR: {} constraint failed: {}: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_{})"
    for sql, message in (
        ("SELECT * FROM none", "D1_ERROR: no such table: none: SQLITE_ERROR"),
        ("SELECT", "D1_ERROR: incomplete input: SQLITE_ERROR"),
        ("SELEC 1", 'D1_ERROR: near "SELEC": syntax error'),
        ("SELECT none FROM sql_errors", "D1_ERROR: no such column: none"),
        ("SELECT none()", "D1_ERROR: no such function: none"),
        ("SELECT abs(-9223372036854775808)", "D1_ERROR: integer overflow: SQLITE_ERROR"),
        ("INSERT INTO sql_errors VALUES ('b', 1)", constraint.format("UNIQUE", "sql_errors.b", "UNIQUE")),
        ("INSERT INTO sql_errors VALUES (NULL, 2)", constraint.format("NOT NULL", "sql_errors.a", "NOTNULL")),
        ("INSERT INTO sql_errors VALUES ('long', 2)", constraint.format("CHECK", "length(a) < 3", "CHECK")),
    ):
        await raises(d1.prepare(sql).all(), message)


@register(CHECKS)
async def check_foreign_keys_are_enforced(d1: Binding) -> None:
    """They always are: switching them off has no effect."""
    await d1.prepare("CREATE TABLE parents (id INTEGER PRIMARY KEY)").run()
    await d1.prepare("CREATE TABLE children (parent REFERENCES parents (id))").run()
    await d1.prepare("PRAGMA foreign_keys = OFF").run()
    message = (
        "D1_ERROR: FOREIGN KEY constraint failed: SQLITE_CONSTRAINT (extended: SQLITE_CONSTRAINT_FOREIGNKEY)"
    )
    await raises(d1.prepare("INSERT INTO children VALUES (1)").run(), message)


@register(CHECKS)
async def check_several_statements_in_one(d1: Binding) -> None:
    """All are run, the rows are the last one's, and only that one can have parameters."""
    await d1.prepare("CREATE TABLE several (name TEXT); INSERT INTO several VALUES ('a;b')").run()
    assert await rows(d1, "INSERT INTO several VALUES ('c'); SELECT count(*) AS n FROM several;") == [
        {"n": 2}
    ]
    assert await rows(d1, "SELECT 1; SELECT ? AS value", 5) == [{"value": 5}]
    message = "D1_ERROR: When executing multiple SQL statements in a single call, only the last statement can"
    await raises(rows(d1, "SELECT ?; SELECT ?", 1), message)
    await raises(rows(d1, "INSERT INTO several VALUES ('d'); SELECT none"), "no such column: none")
    assert await column(d1, "several") == ["a;b", "c"]


@register(CHECKS)
async def check_trigger_is_one_statement(d1: Binding) -> None:
    """The semicolons within a trigger do not end it; its changes are counted."""
    trigger = "CREATE TRIGGER copies AFTER INSERT ON copied BEGIN INSERT INTO copy VALUES (new.name); END"
    await d1.prepare(f"CREATE TABLE copied (name); CREATE TABLE copy (name); {trigger}; SELECT 1").run()
    assert (await d1.prepare("INSERT INTO copied VALUES ('a')").run()).meta.changes == 2
    assert await column(d1, "copy") == ["a"]


@register(CHECKS)
async def check_comments(d1: Binding) -> None:
    """A statement may have comments; comments alone are none."""
    assert await rows(d1, "-- one\nSELECT 1 AS a -- two") == [{"a": 1}]
    for nothing in ("", " \n ", "-- one", "-- one\n  -- two"):
        await raises(d1.prepare(nothing).all(), NO_STATEMENTS)
    await raises(d1.prepare("SELECT 1; -- one").all(), "D1_ERROR: SQL code did not contain a statement.")


@register(CHECKS)
async def check_full_text_search(d1: Binding) -> None:
    """FTS5 is available."""
    await d1.prepare("CREATE VIRTUAL TABLE documents USING fts5 (body)").run()
    await d1.prepare("INSERT INTO documents VALUES ('Opening hours'), ('Returns')").run()
    sql = "SELECT body FROM documents WHERE documents MATCH ?"
    assert await rows(d1, sql, "hours") == [{"body": "Opening hours"}]
