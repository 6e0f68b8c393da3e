"""The header with a session id: its name is one that Cloudflare's logs mask, and the old one still works."""

from __future__ import annotations

import pytest

from api.session_header import SESSION_HEADER
from session_id import generate_session_id
from settings import Settings
from tests.api import Api

MASKED = ("auth", "jwt", "key", "secret", "token")


def test_name_is_masked_in_logs() -> None:
    assert any(word in SESSION_HEADER.lower() for word in MASKED)


@pytest.mark.parametrize("header", ["X-Session-Token", "X-Session-ID"])
@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/session", 200), ("GET", "/session/export", 200), ("DELETE", "/session", 204)],
)
async def test_session_is_found_by_either_header(header: str, method: str, path: str, status: int) -> None:
    api = Api()
    await api.chat()
    response = await api.client.request(method, path, headers={header: api.session_id})
    assert response.status_code == status


async def test_new_header_comes_before_the_old_one() -> None:
    api = Api()
    await api.chat()
    headers = {"X-Session-Token": api.session_id, "X-Session-ID": generate_session_id()}
    assert (await api.client.get("/session", headers=headers)).json()["sessionId"] == api.session_id


@pytest.mark.parametrize("header", ["X-Session-Token", "X-Session-ID"])
@pytest.mark.parametrize(("value", "code"), [("", "session_id_required"), ("x", "invalid_session_id")])
async def test_invalid_header_is_rejected(header: str, value: str, code: str) -> None:
    response = await Api().client.get("/session", headers={header: value})
    assert (response.status_code, response.json()["code"]) == (400, code)


async def test_missing_header_is_rejected() -> None:
    response = await Api().client.get("/session")
    assert (response.status_code, response.json()["code"]) == (400, "session_id_required")


async def test_pages_of_other_websites_may_send_it() -> None:
    api = Api(Settings(allowed_origins=("https://shop.example",)))
    headers = {
        "origin": "https://shop.example",
        "access-control-request-method": "DELETE",
        "access-control-request-headers": "x-session-token",
    }
    assert (await api.client.options("/session", headers=headers)).status_code == 200
