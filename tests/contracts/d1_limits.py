"""The contract of a D1 binding for limits, and for what is not authorized."""

from __future__ import annotations

from tests.contracts.checks import Binding, Check, raises, register
from tests.contracts.d1_calls import rows, value

CHECKS: dict[str, Check] = {}
NOT_AUTHORIZED = "D1_ERROR: not authorized"


@register(CHECKS)
async def check_100_values_can_be_bound(d1: Binding) -> None:
    """A hundred, whether they are numbered or not."""
    numbers = list(range(100))
    assert await value(d1, f"max({','.join('?' * 100)})", *numbers) == 99
    await raises(value(d1, f"max({','.join('?' * 101)})", *numbers, 100), "D1_ERROR: too many SQL variables")
    message = "D1_ERROR: variable number must be between ?1 and ?100"
    await raises(value(d1, "?101", *numbers, 100), message)


@register(CHECKS)
async def check_statement_is_limited_to_100_kb(d1: Binding) -> None:
    """100,000 bytes, not characters."""
    for text in ("x" * 99_983, "ä" * 49_991 + "x"):
        sql = f"SELECT '{text}' AS a"
        assert len(sql.encode()) == 99_997
        assert await d1.prepare(f"{sql}   ").first("a") == text
        await raises(d1.prepare(f"{sql}    ").first(), "D1_ERROR: statement too long: SQLITE_TOOBIG")


@register(CHECKS)
async def check_like_patterns_are_limited_to_50_bytes(d1: Binding) -> None:
    """For LIKE and GLOB, and in bytes."""
    assert await value(d1, "'x' LIKE ?", "%" * 50) == 1
    message = "D1_ERROR: LIKE or GLOB pattern too complex: SQLITE_ERROR"
    for operator, pattern in (("LIKE", "%" * 51), ("LIKE", "ä" * 26), ("GLOB", "*" * 51)):
        await raises(value(d1, f"'x' {operator} ?", pattern), message)


@register(CHECKS)
async def check_value_of_2_mb_is_stored(d1: Binding) -> None:
    """The documented limit of a string, a BLOB and a row; miniflare also takes larger ones."""
    assert await value(d1, "length(?)", "x" * 2_000_000) == 2_000_000
    await d1.prepare("CREATE TABLE large (a, b)").run()
    await d1.prepare("INSERT INTO large VALUES (?, ?)").bind("x" * 999_000, "y" * 999_000).run()
    assert await rows(d1, "SELECT length(a || b) AS n FROM large") == [{"n": 1_998_000}]


@register(CHECKS)
async def check_columns_are_limited_to_100(d1: Binding) -> None:
    """Those of a table and those of a result."""
    names = [f"c{number}" for number in range(101)]
    await d1.prepare(f"CREATE TABLE columns_100 ({','.join(names[:100])})").run()
    message = "D1_ERROR: too many columns on columns_101: SQLITE_ERROR"
    await raises(d1.prepare(f"CREATE TABLE columns_101 ({','.join(names)})").run(), message)
    message = "D1_ERROR: too many columns in result set: SQLITE_ERROR"
    await raises(d1.prepare(f"SELECT {','.join('1' * 101)}").all(), message)


@register(CHECKS)
async def check_size_of_queries_is_limited(d1: Binding) -> None:
    """Five parts of a compound SELECT, expressions 100 deep, and functions of 127 arguments."""
    for too_much, within, message in (
        (" UNION ALL ".join(["SELECT 1"] * 6), 5, "too many terms in compound SELECT"),
        (f"SELECT {'+'.join('1' * 101)}", 0, "Expression tree is too large (maximum depth 100)"),
        (f"SELECT max({','.join('1' * 128)})", 0, "too many arguments on function max"),
    ):
        await raises(d1.prepare(too_much).all(), f"D1_ERROR: {message}")
        del within
    assert len(await rows(d1, " UNION ALL ".join(["SELECT 1 AS a"] * 5))) == 5
    assert await value(d1, "+".join("1" * 100)) == 100
    assert await value(d1, f"max({','.join('1' * 127)})") == 1


@register(CHECKS)
async def check_transactions_cannot_be_controlled(d1: Binding) -> None:
    """Every call is a transaction, and there is no other."""
    for sql in (
        "BEGIN",
        "BEGIN IMMEDIATE",
        "COMMIT",
        "ROLLBACK",
        "SAVEPOINT a",
        "RELEASE a",
        "select 1; commit",
    ):
        await raises(d1.prepare(sql).run(), "D1_ERROR: To execute a transaction, please use")
    await raises(
        d1.prepare("VACUUM").run(), "D1_ERROR: cannot VACUUM from within a transaction: SQLITE_ERROR"
    )


@register(CHECKS)
async def check_what_is_not_authorized(d1: Binding) -> None:
    """Settings of the database, other databases, temporary tables, and tables of the runtime's own."""
    for sql in (
        "PRAGMA user_version",
        "PRAGMA journal_mode = DELETE",
        "PRAGMA writable_schema = ON",
        "SELECT * FROM pragma_page_count",
        "ATTACH ':memory:' AS other",
        "CREATE TEMP TABLE temporary (a)",
        "CREATE TABLE _cf_own (a)",
        "SELECT load_extension('none')",
    ):
        await raises(d1.prepare(sql).all(), NOT_AUTHORIZED)
    message = "D1_ERROR: not authorized to use function: sqlite_version"
    await raises(d1.prepare("SELECT sqlite_version()").all(), message)


@register(CHECKS)
async def check_what_is_authorized(d1: Binding) -> None:
    """Looking at the tables, dates, JSON, and statements that end with a limit."""
    await d1.prepare("CREATE TABLE authorized (id INTEGER PRIMARY KEY, name TEXT)").run()
    assert [row["name"] for row in await rows(d1, "PRAGMA table_info(authorized)")] == ["id", "name"]
    assert await rows(d1, "SELECT name FROM pragma_table_info('authorized')") == [
        {"name": "id"},
        {"name": "name"},
    ]
    assert await rows(d1, "SELECT type FROM sqlite_schema WHERE name = 'authorized'") == [{"type": "table"}]
    assert await rows(d1, "PRAGMA quick_check") == [{"quick_check": "ok"}]
    await d1.prepare("PRAGMA defer_foreign_keys = ON").run()
    await d1.prepare("PRAGMA optimize").run()
    assert await value(d1, "unixepoch('2026-01-01')") == 1_767_225_600
    assert await value(d1, "json_extract('{\"a\": [1, 2]}', '$.a[1]')") == 2
    assert await value(d1, "(SELECT sum(value) FROM json_each('[1, 2]'))") == 3
