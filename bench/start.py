"""What start-up imports in Pyodide and the CPU it takes, and what the first chat request imports after it.

The packages are those that a deployment uploads.
A deployed Worker starts from a snapshot in which all this has happened; `pywrangler dev` pays for it.
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

# Packages with lines of their own, and modules; the rest of each is added up.
SHOWN = 8
SHOWN_MODULES = 25


def run() -> Iterator[Figure]:
    """The whole import, its parts by package and by module, and what the first request imports, listed."""
    with tempfile.TemporaryDirectory() as scratch:
        modules = deployed_modules(Path(scratch))
        for _ in range(2):  # the first may have had to compile
            with running_isolate(modules) as isolate:
                measured = isolate.measure("start"), isolate.measure("first_request")
    yield from figures(*measured)


def figures(start: dict[str, Any], first: dict[str, list[str]]) -> Iterator[Figure]:
    """What was measured, with the longest packages and modules by themselves."""
    yield Figure("start.import_ms", start["cpu"], "ms")
    yield Figure("start.modules", len(start["modules"]), "modules")
    by_module = {module: share * start["cpu"] for module, share in start["shares"].items()}
    by_package: dict[str, float] = defaultdict(float)
    for module, took in by_module.items():
        by_package[module.partition(".")[0]] += took
    yield from _longest("start", by_package, SHOWN, "packages")
    yield from _longest("start.module", by_module, SHOWN_MODULES, "modules")
    late = first["json"] + first["stream"]
    for module in late:
        sys.stderr.write(f"imported by the first request: {module}\n")
    yield Figure("start.first_request_modules", len(late), "modules")


def _longest(prefix: str, times: dict[str, float], shown: int, kind: str) -> Iterator[Figure]:
    longest = sorted(times, key=times.__getitem__, reverse=True)
    for name in longest[:shown]:
        yield Figure(f"{prefix}.{name}_ms", times[name], "ms")
    rest = sum(times[name] for name in longest[shown:])
    yield Figure(f"{prefix}.other_{kind}_ms", rest, "ms")
