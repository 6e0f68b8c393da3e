"""A Worker that measures the real one: POST /NAME runs the measurement of that name."""

from __future__ import annotations

import importlib
import json
import sys
from typing import Any

import js
from workers import Response, WorkerEntrypoint

from bench.inside.imports import ImportTimes


def _cpu() -> float:
    used = js.process.threadCpuUsage()
    return float(used.user + used.system) / 1000


_before = set(sys.modules)
_begin = _cpu()
with ImportTimes() as _times:
    importlib.import_module("entry")  # the real Worker, imported at start-up
START = {
    "cpu": _cpu() - _begin,
    "modules": sorted(set(sys.modules) - _before),
    "shares": _times.shares(),
}


class Default(WorkerEntrypoint):
    """Serves measurements."""

    async def fetch(self, request: Any) -> Any:
        """Run a measurement with the options in the body and respond with its result as JSON."""
        name = str(request.url).rpartition("/")[2]
        if name == "start":
            return Response(json.dumps(START))
        # Imported here so that its own imports do not count as the Worker's.
        measures: Any = importlib.import_module("bench.inside.measures")
        return Response(json.dumps(await measures.MEASURES[name](**await request.json())))
