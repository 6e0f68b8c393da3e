"""D1 without the SDK's conversions, which take longer than everything else that an exchange does with D1.

The SDK wraps each statement and converts each value of each result by itself: 1.9 ms of CPU for a query and a
batch of four statements, against 0.3 ms here and 0.3 ms for KV's part of an exchange (docs/performance.md).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import js
from pyodide.ffi import to_js
from workers import python_to_rpc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stores.d1 import D1Result, D1Value


class D1Binding:
    """The SDK's D1 `binding` as a `D1Database`. Raises `JsException` with D1's messages."""

    def __init__(self, binding: Any) -> None:
        self._database: Any = python_to_rpc(binding)

    def prepare(self, query: str) -> _Statement:
        return _Statement(self._database.prepare(query))

    async def batch(self, statements: Sequence[_Statement]) -> list[D1Result]:
        results: list[D1Result] = _to_python(
            await self._database.batch(to_js([statement.raw for statement in statements]))
        )
        return results


class _Statement:
    """A statement; `raw` is JavaScript's."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw

    def bind(self, *values: D1Value) -> _Statement:
        return _Statement(self.raw.bind(*map(_to_js, values)))

    async def all(self) -> D1Result:
        result: D1Result = _to_python(await self.raw.all())
        return result


def _to_js(value: D1Value) -> Any:
    return value if isinstance(value, str) else python_to_rpc(value)


def _to_python(results: Any) -> Any:
    """Convert everything at once. JSON is also how D1 itself sends results to the binding."""
    return json.loads(js.JSON.stringify(results))
