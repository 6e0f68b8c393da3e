"""Helpers of the KV checks that read the results of list()."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.contracts.checks import Binding


def names(page: dict[str, Any]) -> list[str]:
    """Return the names on a page of list()."""
    return [key["name"] for key in page["keys"]]


async def listed(kv: Binding, name: str) -> dict[str, Any]:
    """Return what list() tells about the key `name`."""
    page = await kv.list(prefix=name)
    [found] = [key for key in page["keys"] if key["name"] == name]
    return dict(found)
