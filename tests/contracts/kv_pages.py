"""What the KV checks share: reading pages of list()."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.contracts.checks import Binding

UNKNOWN_VALUE = (
    "KV put() accepts only strings, ArrayBuffers, ArrayBufferViews, and ReadableStreams as values."
)


def names(page: dict[str, Any]) -> list[str]:
    """The names on a page of list()."""
    return [key["name"] for key in page["keys"]]


async def listed(kv: Binding, name: str) -> dict[str, Any]:
    """What list() says of the key `name`."""
    page = await kv.list(prefix=name)
    [found] = [key for key in page["keys"] if key["name"] == name]
    return dict(found)
