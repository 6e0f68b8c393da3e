"""The contract in docs/http.md, as a front end sees it."""

from __future__ import annotations

import asyncio
import json
import uuid
from datetime import datetime

import pytest

from session_id import generate_session_id, validate_session_id
from tests.api import sse
from tests.blackbox.visitor import STREAM, Visitor

pytestmark = pytest.mark.blackbox

ANSWER = {"response", "sessionId", "turn", "expiresAt", "model", "usage", "saved", "context", "repeated"}


async def test_conversation_as_json(visitor: Visitor) -> None:
    first = await visitor.answer("What's your pricing?")
    second = await visitor.answer("What about the middle tier?")
    assert set(first) == set(second) == ANSWER
    assert "Growth" in first["response"]
    assert "Growth" in second["response"]
    assert "Starter" not in second["response"]
    assert (first["turn"], second["turn"]) == (1, 2)
    assert first["sessionId"] == second["sessionId"] == visitor.session_id
    assert first["saved"] is second["saved"] is True


async def test_conversation_as_streams(visitor: Visitor) -> None:
    texts = []
    for question in ("What's your pricing?", "Tell me more about the middle tier"):
        response = await visitor.ask(question, **STREAM)
        assert response.headers["content-type"].startswith("text/event-stream")
        *deltas, (name, data) = sse(response.text)
        assert name == "done"
        assert {name for name, _ in deltas} == {"delta"}
        texts.append("".join(json.loads(piece)["text"] for _, piece in deltas))
        assert json.loads(data)["response"] == texts[-1]
        assert json.loads(data)["saved"] is True
    assert "Growth" in texts[1]


async def test_closed_conversation_is_deleted_and_stays_closed(visitor: Visitor) -> None:
    await visitor.answer("What's your pricing?")
    await visitor.session("DELETE")
    assert (await visitor.session()).status_code == 404
    refused = await visitor.ask("How can I reach you?")
    assert (refused.status_code, refused.json()["code"]) == (410, "session_closed")
    visitor.session_id = str(uuid.uuid4())
    assert (await visitor.answer("How can I reach you?"))["turn"] == 1
    assert len((await visitor.session()).json()["messages"]) == 2


async def test_stream_arrives_in_pieces(visitor: Visitor) -> None:
    body = {"question": "What's your pricing?", "sessionId": visitor.session_id}
    async with visitor.client.stream("POST", "/chat", json=body, headers=STREAM) as response:
        pieces = [piece async for piece in response.aiter_raw()]
    assert len(pieces) > 1


async def test_only_the_last_ten_messages_are_kept(visitor: Visitor) -> None:
    for number in range(1, 16):
        assert (await visitor.answer(f"Question {number}: what does it cost?"))["turn"] == number
    session = (await visitor.session()).json()
    assert session["turn"] == 15
    assert [m["content"] for m in session["messages"][::2]] == [
        f"Question {number}: what does it cost?" for number in range(11, 16)
    ]
    assert [m["role"] for m in session["messages"]] == ["user", "assistant"] * 5


async def test_conversation_can_be_read_exported_and_deleted(visitor: Visitor) -> None:
    assert (await visitor.session()).status_code == 404
    answer = await visitor.answer("What's your pricing?")
    session = (await visitor.session()).json()
    assert set(session) == {"sessionId", "createdAt", "expiresAt", "turn", "messages"}
    assert session["messages"][1]["content"] == answer["response"]
    for kind in ("json", "md", "txt"):
        exported = await visitor.session(path=f"/session/export?format={kind}")
        assert "attachment" in exported.headers["content-disposition"]
        assert "pricing?" in exported.text
    assert [(await visitor.session("DELETE")).status_code for _ in range(2)] == [204, 204]
    assert (await visitor.session()).status_code == 404


async def test_session_expires_after_an_hour(visitor: Visitor) -> None:
    answer = await visitor.answer("What's your pricing?")
    session = (await visitor.session()).json()
    left = datetime.fromisoformat(answer["expiresAt"]) - datetime.fromisoformat(session["createdAt"])
    assert 3600 <= left.total_seconds() < 3660


async def test_concurrent_sessions_are_separate(visitor: Visitor) -> None:
    other = Visitor(visitor.client, lambda: asyncio.sleep(0))
    await asyncio.gather(visitor.answer("What's your pricing?"), other.answer("How can I reach you?"))
    for one, question in ((visitor, "What's your pricing?"), (other, "How can I reach you?")):
        messages = (await one.session()).json()["messages"]
        assert [m["content"] for m in messages if m["role"] == "user"] == [question]


async def test_generated_session_id_is_accepted(visitor: Visitor) -> None:
    response = await visitor.client.post("/session")
    assert response.status_code == 201
    visitor.session_id = validate_session_id(response.json()["sessionId"])
    assert (await visitor.answer("What's your pricing?"))["turn"] == 1


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b'{"question": "Hi"}', 400, "session_id_required"),
        (b'{"question": "Hi", "sessionId": "abc-123"}', 400, "invalid_session_id"),
        (b'{"question": " ", "sessionId": "%s"}' % generate_session_id().encode(), 400, "question_required"),
        (b"{", 400, "invalid_json"),
        (b"[" * 10_000, 400, "invalid_json"),
        (b" " * 2_000_000, 413, "body_too_large"),
    ],
)
async def test_invalid_request(visitor: Visitor, body: bytes, status: int, code: str) -> None:
    response = await visitor.client.post("/chat", content=body, headers={"content-type": "application/json"})
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert set(response.json()) == {"error", "code"}


async def test_missing_session_id_has_the_fixed_message(visitor: Visitor) -> None:
    response = await visitor.client.post("/chat", json={"question": "Hi"})
    assert response.status_code == 400
    assert response.json()["error"] == "Session ID required"


async def test_unknown_path_and_method(visitor: Visitor) -> None:
    assert (await visitor.client.get("/nothing")).json()["code"] == "not_found"
    assert (await visitor.client.get("/chat")).json()["code"] == "method_not_allowed"


async def test_config_health_and_openapi_agree(visitor: Visitor) -> None:
    config = (await visitor.client.get("/config")).json()
    health = (await visitor.client.get("/health")).json()
    assert health["status"] == "ok"
    assert config["demo"] is (health["responder"] == "offline")
    assert config["version"] == health["version"]
    assert (await visitor.client.get("/openapi.json")).json()["info"]["version"] == health["version"]


async def test_responses_are_not_cached(visitor: Visitor) -> None:
    for path in ("/session", "/config", "/nothing"):
        headers = (await visitor.session(path=path)).headers
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
