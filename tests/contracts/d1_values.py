"""The contract of a D1 binding for values: what can be bound, and what comes back."""

from __future__ import annotations

import math
from typing import Any

from tests.contracts.checks import Binding, Check, raises, register
from tests.contracts.d1_calls import rows, value

CHECKS: dict[str, Check] = {}
TYPE_ERROR = "D1_TYPE_ERROR: Type '{}' not supported for value '{}'"


@register(CHECKS)
async def check_text_round_trip(d1: Binding) -> None:
    """Text comes back unchanged."""
    for text in ("", "hello", "Grüße, 世界 🌍\r\n\t\0x", "\ufeffmarked", "'; DROP TABLE t; --", "NULL"):
        assert await value(d1, "?", text) == text


@register(CHECKS)
async def check_unpaired_surrogates_are_replaced(d1: Binding) -> None:
    """Each byte of an unpaired surrogate reads as U+FFFD; a pair is one character."""
    assert await value(d1, "?", "a\ud800b") == "a\ufffd\ufffd\ufffdb"
    assert await value(d1, "?", "\ud83c\udf0d") == "🌍"


@register(CHECKS)
async def check_invalid_utf8_is_replaced(d1: Binding) -> None:
    """Text in the database that is not UTF-8 can still be read."""
    assert await value(d1, "CAST(x'61ff62' AS TEXT)") == "a\ufffdb"


@register(CHECKS)
async def check_none_is_null(d1: Binding) -> None:
    """None is NULL, in both directions."""
    assert await value(d1, "? IS NULL", None) == 1
    assert await value(d1, "?", None) is None
    assert await value(d1, "NULL") is None


@register(CHECKS)
async def check_numbers_are_bound_as_reals(d1: Binding) -> None:
    """Integers and booleans as well: only a column's type or a cast makes them integers again."""
    for number in (5, 0, -1, 1.5, True, False, 2**53 - 2, 2 - 2**53, 2.0**53, 1e300):
        (row,) = await rows(
            d1, "SELECT ?1 AS value, typeof(?1) AS type, typeof(CAST(?1 AS INTEGER)) AS cast_type", number
        )
        assert row == {"value": number, "type": "real", "cast_type": "integer"}
        assert not isinstance(row["value"], bool)
    assert await value(d1, "json_object('n', ?)", 5) == '{"n":5.0}'


@register(CHECKS)
async def check_integer_column_stores_integers(d1: Binding) -> None:
    """A bound integer is one again in a column of type INTEGER, and stays a real in one without a type."""
    await d1.prepare("CREATE TABLE integer_column (typed INTEGER, untyped)").run()
    await d1.prepare("INSERT INTO integer_column VALUES (?1, ?1)").bind(7).run()
    sql = "SELECT typeof(typed) AS typed, typeof(untyped) AS untyped, untyped AS value FROM integer_column"
    assert await rows(d1, sql) == [{"typed": "integer", "untyped": "real", "value": 7}]


@register(CHECKS)
async def check_whole_numbers_come_back_as_ints(d1: Binding) -> None:
    """JavaScript has one kind of number: whole ones are ints up to 2^53 - 1, and rounded floats beyond."""
    assert type(await value(d1, "2.0")) is int
    assert type(await value(d1, "2.5")) is float
    assert type(await value(d1, str(2**53 - 1))) is int
    found = await value(d1, str(2**53 + 1))
    assert (type(found), found) == (float, 2.0**53)
    assert await value(d1, "123456789012345678") == 123456789012345680.0
    assert await value(d1, "0.1 + 0.2") == 0.1 + 0.2


@register(CHECKS)
async def check_large_integers_cannot_be_bound(d1: Binding) -> None:
    """From 2^53 - 1 on they become JavaScript's BigInts, which D1 does not take."""
    for number in (2**53 - 1, 1 - 2**53, 2**64):
        await raises(value(d1, "?", number), TYPE_ERROR.format("bigint", number))


@register(CHECKS)
async def check_numbers_that_json_lacks_are_null(d1: Binding) -> None:
    """NaN and infinities arrive as NULL, and infinities leave as None."""
    for number in (math.nan, math.inf, -math.inf):
        assert await value(d1, "? IS NULL", number) == 1
    assert await value(d1, "1e999") is None


@register(CHECKS)
async def check_bytes_come_back_as_lists(d1: Binding) -> None:
    """A BLOB is bound as bytes, a memoryview or a list of integers, and comes back as such a list."""
    blobs: list[Any] = [bytes(range(256)), memoryview(b"ab"), [1, 2, 3], b"", []]
    for blob in blobs:
        (row,) = await rows(d1, "SELECT ?1 AS value, typeof(?1) AS type", blob)
        assert row == {"value": list(blob), "type": "blob"}
    assert await value(d1, "x'00ff'") == [0, 255]


@register(CHECKS)
async def check_other_types_cannot_be_bound(d1: Binding) -> None:
    """Mappings and other lists are not supported by D1; tuples and bytearrays not by the Python SDK."""
    for unsupported, shown in (({"a": 1}, "[object Object]"), ([1, 256], "1,256"), (["a", "b"], "a,b")):
        await raises(value(d1, "?", unsupported), TYPE_ERROR.format("object", shown))
    for kind in (tuple, bytearray):
        await raises(value(d1, "?", kind(b"ab")), f"{kind} cannot be sent over RPC.")


@register(CHECKS)
async def check_last_of_columns_with_one_name_is_returned(d1: Binding) -> None:
    """In a dict, that is; a raw row has all of them."""
    assert await rows(d1, "SELECT 1 AS a, 2 AS a") == [{"a": 2}]
    assert await d1.prepare("SELECT 1 AS a, 2 AS a").raw() == [[1, 2]]
