"""The bench ends what a visitor who leaves has left running, as the runtime does, each time anew."""

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

pytestmark = [pytest.mark.pyodide, pytest.mark.usefixtures("ring_2")]


@pytest.fixture
def tasks() -> Iterator[PyodideWorker]:
    bench = PyodideWorker.start(env={}, entry="starts_tasks", folders=[ENTRIES])
    with fresh_kv(bench):
        yield bench
    bench.stop()


def test_only_what_was_registered_goes_on_for_every_visitor_who_leaves(tasks: PyodideWorker) -> None:
    with httpx2.Client(base_url=tasks.base_url, trust_env=False) as client:
        for _ in range(3):
            with client.stream("GET", "/") as response:
                assert next(response.iter_raw()) == b"begun"
            assert tasks.control.await_abandoned(request_number(response)) == 1
            assert client.get("/outcomes").text == "registered:ended unregistered:cancelled"
    assert tasks.control.background_failures() == []
