"""Invalid settings, and request bodies that are too long or nested too deeply."""

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
ONE_CHUNK = 65_536


@pytest.fixture
def misconfigured() -> Iterator[PyodideWorker]:
    """The Worker with an invalid setting."""
    with PyodideWorker.start(env={"MAX_MESSAGES": "9", "OPENAI_API_KEY": "sk-ring-2"}) as worker:
        yield worker


def test_invalid_setting_fails_every_request_and_is_logged_once(misconfigured: PyodideWorker) -> None:
    with Visitor(misconfigured) as visitor:
        answers = [visitor.ask("Hello?"), *(visitor.client.get(path) for path in ("/config", "/health"))]
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (500, "configuration_error")
        assert "MAX_MESSAGES" in answer.json()["error"]
    log = misconfigured.log()
    assert len([line for line in log if "configuration_error" in line]) == 1
    assert "sk-ring-2" not in "\n".join(log)


@pytest.mark.parametrize("size", [20_000, 3 * MIB])
@pytest.mark.parametrize("announced", [True, False])
def test_long_body_is_rejected_without_reading_it_all(
    visitor: Visitor, size: int, *, announced: bool
) -> None:
    chunks = (b" " * 10_000 for _ in range(size // 10_000))
    content = b" " * size if announced else chunks
    rejected = visitor.client.post("/chat", content=content, headers=JSON)
    assert (rejected.status_code, rejected.json()["code"]) == (413, "body_too_large")
    taken = visitor.worker.control.bytes_taken(request_number(rejected))
    assert 0 < taken < MAX_REQUEST_BYTES + ONE_CHUNK
    assert visitor.ask("Hello?").status_code == 200


def test_deeply_nested_json_is_rejected(visitor: Visitor) -> None:
    for bracket in (b"[", b'{"a":'):
        rejected = visitor.client.post("/chat", content=bracket * (16_000 // len(bracket)), headers=JSON)
        assert (rejected.status_code, rejected.json()["code"]) == (400, "invalid_json")
    assert visitor.ask("Hello?").status_code == 200


def test_misspelt_setting_is_logged() -> None:
    with PyodideWorker.start(env={"GREETNG": "Hello", "RATE_LIMITTER": "x"}) as worker:
        with Visitor(worker) as visitor:
            assert visitor.client.get("/health").status_code == 200
        log = "\n".join(worker.log())
    assert "GREETNG is not a setting: did you mean GREETING?" in log
    assert "RATE_LIMITTER is not a setting: did you mean RATE_LIMITER?" in log
