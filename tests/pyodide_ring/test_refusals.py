"""What the Worker refuses in its own runtime: wrong settings, and bodies that are too long or too deep."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local.pyodide.worker import PyodideWorker
from settings import MAX_REQUEST_BYTES
from tests.pyodide_ring.visitor import Visitor, request_number

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.pyodide
JSON = {"content-type": "application/json"}
MIB = 1024 * 1024
ONE_PIECE_MORE = 65_536


@pytest.fixture
def misconfigured(ring_2: None, knowledge_bundle: None) -> Iterator[PyodideWorker]:  # noqa: ARG001 - needed before
    """The Worker with a setting that is wrong."""
    bench = PyodideWorker.start(env={"MAX_MESSAGES": "9", "OPENAI_API_KEY": "sk-bench"})
    yield bench
    bench.stop()


def test_a_wrong_setting_is_answered_on_every_call_and_logged_once(misconfigured: PyodideWorker) -> None:
    with Visitor(misconfigured) as visitor:
        answers = [visitor.ask("Hello?"), *(visitor.client.get(path) for path in ("/config", "/health"))]
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (500, "configuration_error")
        assert "MAX_MESSAGES" in answer.json()["error"]
    log = misconfigured.log()
    assert len([line for line in log if "configuration_error" in line]) == 1
    assert "sk-bench" not in "\n".join(log)


@pytest.mark.parametrize("size", [20_000, 3 * MIB])
@pytest.mark.parametrize("announced", [True, False])
def test_a_long_body_is_refused_and_the_next_one_is_answered(
    visitor: Visitor, size: int, *, announced: bool
) -> None:
    chunks = (b" " * 10_000 for _ in range(size // 10_000))
    content = b" " * size if announced else chunks
    refused = visitor.client.post("/chat", content=content, headers=JSON)
    assert (refused.status_code, refused.json()["code"]) == (413, "body_too_large")
    taken = visitor.bench.control.bytes_taken(request_number(refused))
    assert 0 < taken < MAX_REQUEST_BYTES + ONE_PIECE_MORE
    assert visitor.ask("Hello?").status_code == 200


def test_deep_json_is_refused_and_the_next_one_is_answered(visitor: Visitor) -> None:
    for bracket in (b"[", b'{"a":'):
        refused = visitor.client.post("/chat", content=bracket * (16_000 // len(bracket)), headers=JSON)
        assert (refused.status_code, refused.json()["code"]) == (400, "invalid_json")
    assert visitor.ask("Hello?").status_code == 200
