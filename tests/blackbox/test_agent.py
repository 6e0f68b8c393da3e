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

ANSWER = {
    "response",
    "sessionId",
    "turn",
    "expiresAt",
    "model",
    "usage",
    "finishReason",
    "verdict",
    "sources",
    "unsupported",
    "saved",
    "context",
    "repeated",
}
# Questions that make sense on any website, in the order of one conversation.
QUESTIONS = [
    "What can I ask you about?",
    "Can you tell me more about that?",
    "How can I reach you?",
    "What does it cost?",
    "Is there anything else that I should know?",
]


async def test_conversation_as_json(visitor: Visitor) -> None:
    first = await visitor.answer(QUESTIONS[0])
    second = await visitor.answer(QUESTIONS[1], turns=1)
    assert set(first) == set(second) == ANSWER
    assert first["response"].strip()
    assert second["response"].strip()
    assert (first["turn"], second["turn"]) == (1, 2)
    assert first["sessionId"] == second["sessionId"] == visitor.session_id
    assert (second["context"], second["repeated"]) == ("complete", False)
    contents = [message["content"] for message in (await visitor.stored(2))["messages"]]
    said = [QUESTIONS[0], first["response"], QUESTIONS[1], second["response"]]
    assert contents == said[-len(contents) :]


async def test_conversation_as_streams(visitor: Visitor) -> None:
    for turns, question in enumerate(QUESTIONS[:2]):
        response = await visitor.ask(question, turns, **STREAM)
        assert response.headers["content-type"].startswith("text/event-stream")
        *deltas, (name, data) = sse(response.text)
        assert name == "done"
        assert {name for name, _ in deltas} == {"delta"}
        done = json.loads(data)
        assert set(done) == ANSWER
        assert done["turn"] == turns + 1
        assert done["response"] in "".join(json.loads(piece)["text"] for _, piece in deltas)
    assert (await visitor.stored(2))["messages"][-1]["content"] == done["response"]


async def test_closed_conversation_is_deleted_and_stays_closed(visitor: Visitor) -> None:
    await visitor.answer(QUESTIONS[0])
    assert (await visitor.session("DELETE")).status_code == 204
    await visitor.forgotten()
    refused = await visitor.ask(QUESTIONS[2], turns=1)
    assert (refused.status_code, refused.json()["code"]) == (410, "session_closed")
    visitor.session_id = str(uuid.uuid4())
    assert (await visitor.answer(QUESTIONS[2]))["turn"] == 1
    assert len((await visitor.stored(1))["messages"]) == 2


async def test_last_messages_are_kept_in_order(visitor: Visitor) -> None:
    for turns, question in enumerate(QUESTIONS):
        assert (await visitor.answer(question, turns))["turn"] == turns + 1
    messages = (await visitor.stored(len(QUESTIONS)))["messages"]
    kept = len(messages) // 2
    assert [message["role"] for message in messages] == ["user", "assistant"] * kept
    assert [message["content"] for message in messages[::2]] == QUESTIONS[-kept:]


async def test_conversation_can_be_read_exported_and_deleted(visitor: Visitor) -> None:
    answer = await visitor.answer("What's your pricing?")
    session = await visitor.stored(1)
    assert set(session) == {"sessionId", "createdAt", "expiresAt", "turn", "messages"}
    assert session["messages"][1]["content"] == answer["response"]
    for kind in ("json", "md", "txt"):
        exported = await visitor.session(path=f"/session/export?format={kind}")
        assert "attachment" in exported.headers["content-disposition"]
        assert "pricing?" in exported.text
    assert [(await visitor.session("DELETE")).status_code for _ in range(2)] == [204, 204]
    await visitor.forgotten()


async def test_unknown_session_is_not_found(visitor: Visitor) -> None:
    response = await visitor.session()
    assert (response.status_code, response.json()["code"]) == (404, "session_not_found")


async def test_session_expires_after_its_start(visitor: Visitor) -> None:
    answer = await visitor.answer(QUESTIONS[0])
    session = await visitor.stored(1)
    created, *expiries = map(
        datetime.fromisoformat, (session["createdAt"], session["expiresAt"], answer["expiresAt"])
    )
    assert all(expiry > created for expiry in expiries)


async def test_turn_sent_again_is_answered_once(visitor: Visitor) -> None:
    body = {"question": QUESTIONS[0], "sessionId": visitor.session_id, "turnId": str(uuid.uuid4())}
    first = (await visitor.client.post("/chat", json=body)).json()
    await visitor.stored(1)
    second = (await visitor.client.post("/chat", json=body)).json()
    assert (first["repeated"], second["repeated"]) == (False, True)
    assert (second["response"], second["turn"]) == (first["response"], 1)


async def test_concurrent_sessions_are_separate(visitor: Visitor) -> None:
    other = Visitor(visitor.client, lambda: asyncio.sleep(0))
    asked = ((visitor, QUESTIONS[0]), (other, QUESTIONS[2]))
    await asyncio.gather(*(one.answer(question) for one, question in asked))
    for one, question in asked:
        messages = (await one.stored(1))["messages"]
        assert [m["content"] for m in messages if m["role"] == "user"] == [question]


async def test_generated_session_id_is_accepted(visitor: Visitor) -> None:
    response = await visitor.client.post("/session")
    assert response.status_code == 201
    visitor.session_id = validate_session_id(response.json()["sessionId"])
    assert (await visitor.answer(QUESTIONS[0]))["turn"] == 1


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
