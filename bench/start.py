"""What start-up imports in Pyodide, its CPU time, and what the first chat request imports afterwards.

The packages are the ones that a deployment uploads. A deployed Worker starts from a snapshot taken after
start-up; `pywrangler dev` starts from scratch.
"""

from __future__ import annotations

import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.figures import Figure
from bench.isolate import running_isolate
from bench.upload import deployed_modules

if TYPE_CHECKING:
    from collections.abc import Iterator

# This many packages and modules are listed; the rest of each is summed.
SHOWN = 8
SHOWN_MODULES = 25


def run() -> Iterator[Figure]:
    """Measure the import, by package and by module, and list what the first request imports."""
    with tempfile.TemporaryDirectory() as scratch:
        modules = deployed_modules(Path(scratch))
        for _ in range(2):  # the first may have to compile
            with running_isolate(modules) as isolate:
                measured = isolate.measure("start"), isolate.measure("first_request")
    yield from figures(*measured)


def figures(start: dict[str, Any], first: dict[str, dict[str, Any]]) -> Iterator[Figure]:
    """Yield the totals, and the slowest packages and modules."""
    yield Figure("start.import_ms", start["cpu"], "ms")
    yield Figure("start.modules", len(start["modules"]), "modules")
    by_module = {module: share * start["cpu"] for module, share in start["shares"].items()}
    by_package: dict[str, float] = defaultdict(float)
    for module, took in by_module.items():
        by_package[module.partition(".")[0]] += took
    yield from _slowest("start", by_package, SHOWN, "packages")
    yield from _slowest("start.module", by_module, SHOWN_MODULES, "modules")
    late = [module for request in first.values() for module in request["modules"]]
    for module in late:
        sys.stderr.write(f"imported by the first request: {module}\n")
    yield Figure("start.first_request_modules", len(late), "modules")
    yield from _built(
        {place: count for request in first.values() for place, count in request["built"].items()}
    )


def _built(places: dict[str, int]) -> Iterator[Figure]:
    for place, functions in places.items():
        sys.stderr.write(f"only the first request calls: {place}, and {functions - 1} functions from there\n")
    yield Figure("start.first_request_built", len(places), "places")
    yield Figure("start.first_request_functions", sum(places.values()), "functions")


def _slowest(prefix: str, times: dict[str, float], shown: int, kind: str) -> Iterator[Figure]:
    slowest = sorted(times, key=times.__getitem__, reverse=True)
    for name in slowest[:shown]:
        yield Figure(f"{prefix}.{name}_ms", times[name], "ms")
    rest = sum(times[name] for name in slowest[shown:])
    yield Figure(f"{prefix}.other_{kind}_ms", rest, "ms")
