"""`/session`: make an ID, read, export and close a conversation."""

from __future__ import annotations

import pytest

from session_id import generate_session_id, validate_session_id
from tests.api import Api, refusal


@pytest.fixture
def api() -> Api:
    return Api()


async def test_new_id_is_valid_and_stores_nothing(api: Api) -> None:
    response = await api.client.post("/session")
    assert response.status_code == 201
    assert validate_session_id(response.json()["sessionId"])
    assert response.json()["expiresAt"] == "2026-11-23T13:00:00Z"
    assert api.kv.writes == 0


async def test_stored_conversation(api: Api) -> None:
    await api.chat("one")
    assert (await api.session()).json() == {
        "sessionId": api.session_id,
        "createdAt": "2026-11-23T12:00:02Z",
        "expiresAt": "2026-11-23T13:00:02Z",
        "turn": 1,
        "messages": [
            {"role": "user", "content": "one", "timestamp": "2026-11-23T12:00:02Z"},
            {"role": "assistant", "content": "answer 1", "timestamp": "2026-11-23T12:00:02Z"},
        ],
    }


async def test_conversation_includes_an_answer_that_is_not_stored_yet(api: Api) -> None:
    api.faults.refused_puts = 1
    await api.chat("one")
    assert (await api.session()).json()["turn"] == 1
    assert "answer 1" in (await api.session(path="/session/export")).text
    await api.background.drain()


@pytest.mark.parametrize("path", ["/session", "/session/export"])
async def test_nothing_is_found_before_the_first_question(api: Api, path: str) -> None:
    assert refusal(await api.session(path=path)) == (404, "session_not_found")


async def test_nothing_is_found_after_the_ttl(api: Api) -> None:
    await api.chat()
    api.clock.advance(3600)
    assert (await api.session()).status_code == 404


async def test_nothing_is_found_under_another_id(api: Api) -> None:
    await api.chat("one")
    response = await api.client.get("/session", headers={"X-Session-ID": generate_session_id()})
    assert response.status_code == 404


async def test_deleted_conversation_stays_deleted(api: Api) -> None:
    await api.chat()
    api.clock.advance(2)
    for _ in range(2):
        response = await api.session("DELETE")
        assert (response.status_code, response.content) == (204, b"")
        assert (await api.session()).status_code == 404
        assert refusal(await api.chat()) == (410, "session_closed")
        await api.background.drain()


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize(
    ("session_id", "code"), [(None, "session_id_required"), ("abc-123", "invalid_session_id")]
)
async def test_missing_or_invalid_id_is_rejected(
    api: Api, method: str, session_id: str | None, code: str
) -> None:
    headers = {"X-Session-ID": session_id} if session_id else {}
    assert refusal(await api.client.request(method, "/session", headers=headers)) == (400, code)


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [
        ("md", "text/markdown; charset=utf-8"),
        ("txt", "text/plain; charset=utf-8"),
        ("json", "application/json"),
    ],
)
async def test_export_is_a_download(api: Api, kind: str, media_type: str) -> None:
    await api.chat("Hello?")
    response = await api.session(path=f"/session/export?format={kind}")
    assert response.headers["content-type"] == media_type
    assert response.headers["content-disposition"] == f'attachment; filename="conversation-2026-11-23.{kind}"'
    assert "Hello?" in response.text
    assert "answer 1" in response.text


async def test_export_is_markdown_by_default(api: Api) -> None:
    await api.chat()
    assert (await api.session(path="/session/export")).headers["content-type"].startswith("text/markdown")


async def test_unknown_export_format_is_rejected(api: Api) -> None:
    assert refusal(await api.session(path="/session/export?format=pdf")) == (400, "invalid_request")


async def test_json_export_equals_the_conversation(api: Api) -> None:
    await api.chat()
    assert (await api.session(path="/session/export?format=json")).json() == (await api.session()).json()
