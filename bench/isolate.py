"""The Worker in real Pyodide, with what measures it beside it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2

from tests.node_tools import PROJECT
from tests.pyodide_ring.bench import PyodideBench

if TYPE_CHECKING:
    from collections.abc import Iterator

# The longest measure takes a minute on a quiet machine.
SECONDS = 1200


class Isolate:
    """A fresh isolate of the Worker; each measure of `bench.inside.measures` can be run in it."""

    def __init__(self, bench: PyodideBench) -> None:
        """Take the running bench."""
        self._bench = bench

    def measure(self, name: str, **options: float) -> Any:
        """The result of a measure. Raises `RuntimeError` with the isolate's log where it fails."""
        answer = httpx2.post(f"{self._bench.base_url}/{name}", json=options, timeout=SECONDS, trust_env=False)
        if answer.status_code != 200:
            message = "\n".join([f"The measure '{name}' failed:", *self._bench.log()[-30:]])
            raise RuntimeError(message)
        return answer.json()


@contextmanager
def running_isolate(modules: Path | None = None) -> Iterator[Isolate]:
    """An isolate that has just started, until the block ends; `modules` holds its packages, if not all."""
    bundle = [sys.executable, str(PROJECT / "local" / "bundle_knowledge.py")]
    subprocess.run(bundle, cwd=PROJECT, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own script
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "worker"
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(PROJECT / "src", folder, ignore=ignored)
        shutil.copytree(PROJECT / "bench" / "inside", folder / "bench" / "inside", ignore=ignored)
        bench = PyodideBench.start(env={}, entry="bench.inside.worker", folder=folder, modules=modules)
        try:
            yield Isolate(bench)
        finally:
            bench.stop()
