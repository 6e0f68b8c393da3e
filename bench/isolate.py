"""The Worker in real Pyodide, together with the code that measures it."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx2

from local.environment import ROOT
from local.pyodide.worker import SOURCES, PyodideWorker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# The Worker in JavaScript that ours is compared with.
PEER = (ROOT / "bench" / "inside" / "peer.mjs").as_uri()
# The longest measurement takes a minute on an idle machine.
SECONDS = 1200


class Isolate:
    """A running isolate in which any of the measurements in `bench.inside.measures` can be run."""

    def __init__(self, worker: PyodideWorker) -> None:
        self._worker = worker

    def measure(self, name: str, **options: float | str) -> Any:
        """Run a measurement and return its result. Raises `RuntimeError` with the log if it fails."""
        answer = httpx2.post(
            f"{self._worker.base_url}/{name}", json=options, timeout=SECONDS, trust_env=False
        )
        if answer.status_code != 200:
            message = "\n".join([f"The measurement '{name}' failed:", *self._worker.log()[-30:]])
            raise RuntimeError(message)
        return answer.json()


@contextmanager
def running_isolate(modules: Path | None = None) -> Iterator[Isolate]:
    """Start an isolate and stop it at the end; `modules` is its folder of packages, by default all."""
    bundle = [sys.executable, str(ROOT / "local" / "bundle_knowledge.py")]
    subprocess.run(bundle, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own script
    with PyodideWorker.start(
        env={}, entry="bench.inside.worker", folders=[SOURCES, ROOT], modules=modules
    ) as worker:
        yield Isolate(worker)
