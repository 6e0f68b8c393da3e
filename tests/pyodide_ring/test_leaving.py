"""The bench ends what a visitor who leaves has left running, as the runtime does, each time anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2
import pytest

from tests.pyodide_ring.bench import RING, PyodideBench
from tests.pyodide_ring.visitor import request_number

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.pyodide, pytest.mark.usefixtures("ring_2")]


@pytest.fixture
def tasks() -> Iterator[PyodideBench]:
    bench = PyodideBench.start(env={}, entry="starts_tasks", folder=RING / "entries")
    with bench.fresh():
        yield bench
    bench.stop()


def test_only_what_was_registered_goes_on_for_every_visitor_who_leaves(tasks: PyodideBench) -> None:
    with httpx2.Client(base_url=tasks.base_url, trust_env=False) as client:
        for _ in range(3):
            with client.stream("GET", "/") as response:
                assert next(response.iter_raw()) == b"begun"
            assert tasks.control.await_abandoned(request_number(response)) == 1
            assert client.get("/outcomes").text == "registered:ended unregistered:cancelled"
    assert tasks.control.background_failures() == []
