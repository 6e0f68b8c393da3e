"""What start-up imports in Pyodide and the CPU it takes, and what the first chat request imports after it.

A deployed Worker starts from a snapshot in which all this has happened; `pywrangler dev` pays for it.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from bench.figures import Figure
from bench.isolate import running_isolate

if TYPE_CHECKING:
    from collections.abc import Iterator

# Packages with lines of their own; the rest is added up.
SHOWN = 8


def run() -> Iterator[Figure]:
    """The whole import, its parts by package, and the modules of the first request, which are listed."""
    with running_isolate() as isolate:
        yield from figures(isolate.measure("start"), isolate.measure("first_request"))


def figures(start: dict[str, Any], first: dict[str, list[str]]) -> Iterator[Figure]:
    """What was measured, with the longest packages by themselves."""
    yield Figure("start.import_ms", start["cpu"], "ms")
    yield Figure("start.modules", len(start["modules"]), "modules")
    by_package: dict[str, float] = defaultdict(float)
    for module, share in start["shares"].items():
        by_package[module.partition(".")[0]] += share * start["cpu"]
    longest = sorted(by_package, key=by_package.__getitem__, reverse=True)[:SHOWN]
    for package in longest:
        yield Figure(f"start.{package}_ms", by_package.pop(package), "ms")
    yield Figure("start.other_packages_ms", sum(by_package.values()), "ms")
    late = first["json"] + first["stream"]
    for module in late:
        sys.stderr.write(f"imported by the first request: {module}\n")
    yield Figure("start.first_request_modules", len(late), "modules")
