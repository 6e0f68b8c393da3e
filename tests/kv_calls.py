"""A call of each KV operation, for tests of what they have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from stores.fake_kv import FakeKV
    from stores.kv_faults import Operation

CALLS: dict[Operation, Callable[[FakeKV], Awaitable[Any]]] = {
    "get": lambda kv: kv.get("key"),
    "put": lambda kv: kv.put("key", "value"),
    "delete": lambda kv: kv.delete("key"),
    "list": lambda kv: kv.list(),
}
