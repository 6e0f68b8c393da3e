"""The contract of a D1 binding for transactions: batches, exec and sessions."""

from __future__ import annotations

from tests.contracts.checks import Binding, Check, raises, register
from tests.contracts.d1_calls import column

CHECKS: dict[str, Check] = {}
NO_STATEMENTS = "D1_ERROR: No SQL statements detected."


@register(CHECKS)
async def check_batch_returns_each_result(d1: Binding) -> None:
    """In order; later statements see what earlier ones changed."""
    await d1.prepare("CREATE TABLE batch_results (name TEXT)").run()
    insert = d1.prepare("INSERT INTO batch_results VALUES (?)")
    found = await d1.batch(
        [insert.bind("a"), insert.bind("b"), d1.prepare("SELECT count(*) AS n FROM batch_results")]
    )
    assert [result["results"] for result in found] == [[], [], [{"n": 2}]]
    assert [result.meta.changes for result in found] == [1, 1, 0]
    assert all(result.success for result in found)


@register(CHECKS)
async def check_batch_is_a_transaction(d1: Binding) -> None:
    """If one statement fails, wherever it is, none of them has had any effect, on tables either."""
    await d1.prepare("CREATE TABLE batch_transaction (name TEXT UNIQUE)").run()
    insert = d1.prepare("INSERT INTO batch_transaction VALUES (?)")
    failing = (
        ([insert.bind("a"), insert.bind("b"), insert.bind("a")], "UNIQUE constraint failed"),
        ([insert.bind("a"), d1.prepare("SELECT none")], "no such column: none"),
        ([d1.prepare("CREATE TABLE batch_undone (a)"), d1.prepare("SELEC")], "syntax error"),
        ([insert.bind("a"), insert], "Wrong number of parameter bindings"),
    )
    for statements, message in failing:
        await raises(d1.batch(statements), f"D1_ERROR: {message}" if "syntax" not in message else message)
    assert await column(d1, "batch_transaction") == []
    await raises(d1.prepare("SELECT * FROM batch_undone").all(), "no such table: batch_undone")


@register(CHECKS)
async def check_deferred_constraint_fails_the_batch(d1: Binding) -> None:
    """Such a constraint is checked at the end, and undoes everything then; the runtime does not say why."""
    await d1.prepare("CREATE TABLE later_parents (id INTEGER PRIMARY KEY)").run()
    await d1.prepare(
        "CREATE TABLE later (parent REFERENCES later_parents DEFERRABLE INITIALLY DEFERRED)"
    ).run()
    insert = d1.prepare("INSERT INTO later VALUES (1)")
    await raises(d1.batch([insert, d1.prepare("SELECT 1")]), "")
    assert await column(d1, "later", "parent") == []
    await d1.batch([insert, d1.prepare("INSERT INTO later_parents VALUES (1)")])
    assert await column(d1, "later", "parent") == [1]


@register(CHECKS)
async def check_statement_twice_in_a_batch(d1: Binding) -> None:
    """The same statement may be in a batch more than once."""
    await d1.prepare("CREATE TABLE batch_twice (name TEXT)").run()
    insert = d1.prepare("INSERT INTO batch_twice VALUES ('a')")
    await d1.batch([insert, insert])
    assert await column(d1, "batch_twice") == ["a", "a"]


@register(CHECKS)
async def check_batch_without_statements(d1: Binding) -> None:
    """It is an error, unless there is at least one among them."""
    await raises(d1.batch([]), NO_STATEMENTS)
    await raises(d1.batch([d1.prepare("-- one")]), NO_STATEMENTS)
    found = await d1.batch([d1.prepare("-- one"), d1.prepare("SELECT 1 AS a")])
    assert [result["results"] for result in found] == [[{"a": 1}]]


@register(CHECKS)
async def check_exec_runs_each_line(d1: Binding) -> None:
    """Each line is a statement, or several that count as one; it returns how many lines were run."""
    sql = "CREATE TABLE exec_lines (name TEXT);\n\nINSERT INTO exec_lines VALUES ('a');\n"
    found = await d1.exec(sql)
    assert found["count"] == found.count == 2
    assert found["duration"] >= 0
    same_line = "INSERT INTO exec_lines VALUES ('b'); INSERT INTO exec_lines VALUES ('c');"
    assert (await d1.exec(f"-- one\n{same_line}")).count == 1
    assert await column(d1, "exec_lines") == ["a", "b", "c"]


@register(CHECKS)
async def check_exec_is_a_transaction(d1: Binding) -> None:
    """If one line fails, none has had any effect, and the error names the first one."""
    await d1.exec("CREATE TABLE exec_transaction (name TEXT)")
    line = "INSERT INTO exec_transaction VALUES ('a');"
    await raises(
        d1.exec(f"{line}\nSELEC 2"), f'D1_EXEC_ERROR: Error in line 1: {line}: near "SELEC": syntax error'
    )
    assert await column(d1, "exec_transaction") == []
    message = "D1_EXEC_ERROR: Error in line 1: SELECT (: incomplete input: SQLITE_ERROR"
    await raises(d1.exec("SELECT (\n1)"), message)
    await raises(d1.exec(""), "D1_EXEC_ERROR: Error in line 1: : No SQL statements detected.")


@register(CHECKS)
async def check_session(d1: Binding) -> None:
    """A session reads what was written before, in it and elsewhere."""
    await d1.prepare("CREATE TABLE sessions_read (name TEXT)").run()
    for session in (d1.withSession(), d1.withSession("first-primary"), d1.withSession("first-unconstrained")):
        await session.batch([session.prepare("INSERT INTO sessions_read VALUES (?)").bind("a")])
        assert await session.prepare("SELECT count(*) AS n FROM sessions_read").first("n") >= 1
    assert await column(d1, "sessions_read") == ["a"] * 3
