"""A request's tasks after its visitor has left: cancelled unless registered, as in the runtime."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2
import pytest

from local.pyodide.worker import PyodideWorker
from tests.pyodide_ring.entries import ENTRIES
from tests.pyodide_ring.fresh import fresh_kv
from tests.pyodide_ring.visitor import request_number

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.pyodide


@pytest.fixture
def tasks() -> Iterator[PyodideWorker]:
    with PyodideWorker.start(env={}, entry="starts_tasks", folders=[ENTRIES]) as worker, fresh_kv(worker):
        yield worker


def test_only_registered_tasks_survive_a_leaving_visitor(tasks: PyodideWorker) -> None:
    with httpx2.Client(base_url=tasks.base_url, trust_env=False) as client:
        for _ in range(3):
            with client.stream("GET", "/") as response:
                assert next(response.iter_raw()) == b"begun"
            assert tasks.control.await_abandoned(request_number(response)) == 1
            assert client.get("/outcomes").text == "registered:ended unregistered:cancelled"
    assert tasks.control.background_failures() == []
