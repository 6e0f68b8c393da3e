"""How errors become HTTP responses."""

from __future__ import annotations

import logging

import pytest

from errors import ConfigurationError, ResponderBusy, ResponderError, ResponderTimeout
from tests.api import Api, refusal


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (ResponderError(), 502, "responder_failed"),
        (ResponderBusy(retry_after=7), 503, "responder_busy"),
        (ResponderTimeout(), 504, "responder_timeout"),
        (ZeroDivisionError("secret detail"), 500, "internal_error"),
    ],
)
async def test_error_becomes_its_status_and_code(api: Api, error: Exception, status: int, code: str) -> None:
    api.responder.errors = [error]
    response = await api.chat()
    assert refusal(response) == (status, code)
    assert response.headers.get("retry-after") == ("7" if code == "responder_busy" else None)
    assert "secret" not in response.text
    assert "Traceback" not in response.text


@pytest.mark.parametrize("error", [ResponderTimeout(), ConfigurationError()])
async def test_error_is_logged_only_where_it_arises(
    api: Api, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    api.responder.errors = [error]
    await api.chat()
    assert [record.name for record in caplog.records] == ["voice_agent.conversation"]


async def test_rejected_request_is_not_logged(api: Api, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    assert (await api.chat("")).status_code == 400
    assert [record for record in caplog.records if record.name == "voice_agent.http"] == []


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/nothing", (404, "not_found")),
        ("GET", "/chat", (405, "method_not_allowed")),
        ("PUT", "/session", (405, "method_not_allowed")),
    ],
)
async def test_unknown_path_and_method(api: Api, method: str, path: str, expected: tuple[int, str]) -> None:
    assert refusal(await api.session(method, path)) == expected


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/chat", "POST"),
        ("/session", "DELETE, GET, POST"),
        ("/health", "GET, HEAD"),
        ("/openapi.json", "GET, HEAD"),
    ],
)
async def test_405_lists_all_methods_of_the_path(api: Api, path: str, methods: str) -> None:
    response = await api.client.put(path)
    assert (response.status_code, response.headers["allow"]) == (405, methods)
