"""A visitor who leaves: what becomes of a request's tasks, and what is logged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2
import pytest

from local.pyodide.worker import SOURCES, PyodideWorker
from tests.pyodide_ring.entries import ENTRIES
from tests.pyodide_ring.fresh import fresh_kv
from tests.pyodide_ring.visitor import Visitor, request_number

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.pyodide


@pytest.fixture
def tasks() -> Iterator[PyodideWorker]:
    with PyodideWorker.start(env={}, entry="starts_tasks", folders=[ENTRIES]) as worker, fresh_kv(worker):
        yield worker


@pytest.fixture
def lost_uploads() -> Iterator[PyodideWorker]:
    env = {"OPENAI_API_KEY": "sk-ring-2"}
    with (
        PyodideWorker.start(env=env, entry="lost_uploads", folders=[SOURCES, ENTRIES]) as worker,
        fresh_kv(worker),
    ):
        yield worker


def test_visitor_who_leaves_while_uploading_is_logged_in_one_line(lost_uploads: PyodideWorker) -> None:
    json, form = "application/json", "multipart/form-data; boundary=x"
    with Visitor(lost_uploads) as visitor:
        visitor.client.post("/session")
        before = len(lost_uploads.log())
        for path, content_type in (("/chat", json), ("/transcribe", form), ("/nothing", json)):
            visitor.client.post(path, content=b"--x", headers={"content-type": content_type})
            lines = lost_uploads.log()[before:]
            assert ["A visitor left while sending a request" in line for line in lines] == [True]
            assert '"level": "info"' in lines[0]
            before += 1


def test_only_registered_tasks_survive_a_leaving_visitor(tasks: PyodideWorker) -> None:
    with httpx2.Client(base_url=tasks.base_url, trust_env=False) as client:
        for _ in range(3):
            with client.stream("GET", "/") as response:
                assert next(response.iter_raw()) == b"begun"
            assert tasks.control.await_abandoned(request_number(response)) == 1
            assert client.get("/outcomes").text == "registered:ended unregistered:cancelled"
    assert tasks.control.background_failures() == []
