"""A clean start for each test that shares a running Worker."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from local.pyodide.worker import PyodideWorker


@contextmanager
def fresh_kv(worker: PyodideWorker) -> Iterator[PyodideWorker]:
    """Empty the Worker's KV namespace; at the end of the block, assert that the Worker threw nothing."""
    worker.control.reset()
    yield worker
    assert worker.control.errors() == []
