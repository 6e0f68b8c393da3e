"""What the checks of D1 have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.contracts.checks import Binding


async def rows(d1: Binding, sql: str, *values: object) -> list[dict[str, Any]]:
    """The rows of a statement with these values, as dicts. A bind that fails raises here too."""
    result = await d1.prepare(sql).bind(*values).all()
    found: list[dict[str, Any]] = result["results"]
    return found


async def value(d1: Binding, expression: str, *values: object) -> Any:
    """The value of an SQL expression."""
    return await d1.prepare(f"SELECT {expression} AS value").bind(*values).first("value")


async def column(d1: Binding, table: str, name: str = "name") -> list[Any]:
    """What a column of a table holds, in order."""
    sql = f"SELECT {name} FROM {table} ORDER BY {name}"  # noqa: S608 - the checks' own tables
    return [row[name] for row in await rows(d1, sql)]
