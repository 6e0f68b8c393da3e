"""Invalid settings, and request bodies that are too long or nested too deeply."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from local.pyodide.worker import PyodideWorker
from tests.pyodide_ring.visitor import Visitor, request_number

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.pyodide
JSON = {"content-type": "application/json"}


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
    assert len([line for line in log if "MAX_MESSAGES" in line]) == 1
    assert "sk-ring-2" not in "\n".join(log)


@pytest.mark.parametrize("size", [20_000, 3_000_000])
@pytest.mark.parametrize("announced", [True, False])
def test_long_body_is_rejected_once_it_has_arrived(visitor: Visitor, size: int, *, announced: bool) -> None:
    chunks = (b" " * 10_000 for _ in range(size // 10_000))
    content = b" " * size if announced else chunks
    rejected = visitor.client.post("/chat", content=content, headers=JSON)
    assert (rejected.status_code, rejected.json()["code"]) == (413, "body_too_large")
    # The runtime resets the connection if a response is sent before the request has been read.
    assert visitor.worker.control.bytes_taken(request_number(rejected)) == size
    assert visitor.ask("Hello?").status_code == 200


@pytest.mark.parametrize("origin", ["https://evil.example", None])
def test_body_that_nobody_reads_is_read_to_its_end(visitor: Visitor, origin: str | None) -> None:
    headers = {"origin": origin} if origin else {}
    refused = visitor.client.post("/nothing", content=b" " * 3_000_000, headers=headers)
    assert refused.status_code == (403 if origin else 404)
    assert visitor.worker.control.bytes_taken(request_number(refused)) == 3_000_000


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
