"""The KV operations of an exchange: the maximum over the first, later and trimming exchanges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.figures import Figure
from bench.isolate import running_isolate

if TYPE_CHECKING:
    from collections.abc import Iterator


def run() -> Iterator[Figure]:
    """Count in Pyodide, for seven exchanges of a session as JSON and seven as streams."""
    with running_isolate() as isolate:
        yield from figures(isolate.measure("kv"))


def figures(counted: dict[str, dict[str, int]]) -> Iterator[Figure]:
    """Yield the maximum reads and writes; `counted` maps `json N` and `stream N` to calls by operation."""
    for form, prefix in (("json", "kv."), ("stream", "kv.stream_")):
        exchanges = [counts for name, counts in counted.items() if name.startswith(form)]
        yield Figure(
            f"{prefix}reads", max(counts["get"] + counts["list"] for counts in exchanges), "operations"
        )
        yield Figure(
            f"{prefix}writes", max(counts["put"] + counts["delete"] for counts in exchanges), "operations"
        )
