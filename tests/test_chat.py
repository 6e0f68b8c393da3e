"""`POST /chat`: what is accepted, and what is sent back."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from api.chat import wants_events
from errors import ResponderTimeout, StorageError
from stores.kv_faults import KVFaults
from tests.api import STREAM, Api, refusal, sse
from tests.responders import ScriptedResponder

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx2

    from prompt import Prompt
    from responders.responder import Reply


@pytest.fixture
def api() -> Api:
    return Api()


def answer(session_id: str) -> dict[str, object]:
    """The body of the first answer in a session."""
    return {
        "response": "answer 1",
        "sessionId": session_id,
        "turn": 1,
        "expiresAt": "2026-11-23T13:00:02Z",
        "model": "scripted-1",
        "usage": {"inputTokens": 7, "outputTokens": 2},
        "finishReason": "stop",
        "verdict": None,
        "sources": [],
        "unsupported": [],
        "saved": True,
        "context": "complete",
        "repeated": False,
    }


def events(response: httpx2.Response) -> list[tuple[str, object]]:
    return [(name, json.loads(data)) for name, data in sse(response.text)]


async def test_answer_as_json(api: Api) -> None:
    response = await api.chat()
    assert response.status_code == 200
    assert response.json() == answer(api.session_id)


async def test_answer_as_stream(api: Api) -> None:
    response = await api.chat(**STREAM)
    assert response.headers["content-type"].startswith("text/event-stream")
    assert events(response) == [
        ("delta", {"text": "answer"}),
        ("delta", {"text": " 1"}),
        ("done", answer(api.session_id)),
    ]


async def test_error_after_the_first_piece_is_the_last_event(api: Api) -> None:
    api.responder.errors = [ResponderTimeout()]
    response = await api.chat(**STREAM)
    assert response.status_code == 200
    assert events(response) == [
        ("delta", {"text": "answer"}),
        ("error", {"error": ResponderTimeout.message, "code": "responder_timeout"}),
    ]


async def test_unexpected_error_in_a_stream_reveals_nothing(api: Api) -> None:
    api.responder.errors = [ZeroDivisionError("secret detail")]
    response = await api.chat(**STREAM)
    assert "internal_error" in response.text
    assert "secret" not in response.text


async def test_error_before_the_first_piece_has_its_http_status(api: Api) -> None:
    api.faults.fail("get", RuntimeError("KV GET failed: 500"))
    response = await api.chat(**STREAM)
    assert refusal(response) == (StorageError.status, StorageError.code)


@pytest.mark.parametrize(
    ("accept", "streamed"),
    [
        ("text/event-stream", True),
        ("Text/Event-Stream; charset=utf-8, */*", True),
        ("application/json, text/event-stream;q=0", False),
        ("text/event-stream; q=0", False),
        ("text/event-stream;q=0.000", False),
        ("text/event-stream;q=0.1", True),
        ("*/*", False),
        ("", False),
    ],
)
def test_accept_header_selects_stream(accept: str, *, streamed: bool) -> None:
    assert wants_events(accept) is streamed


@pytest.mark.parametrize(
    ("body", "code", "sentence"),
    [
        ({"question": "Hi"}, "session_id_required", "Session ID required"),
        ({"question": "Hi", "sessionId": None}, "session_id_required", "Session ID required"),
        ({"question": "Hi", "sessionId": ""}, "session_id_required", "Session ID required"),
        ({}, "session_id_required", "Session ID required"),
        ({"question": "Hi", "sessionId": "abc-123"}, "invalid_session_id", "Invalid session ID"),
        ({"question": "Hi", "sessionId": 7}, "invalid_session_id", "must be a string"),
    ],
)
async def test_missing_or_invalid_session_id_is_rejected(
    api: Api, body: object, code: str, sentence: str
) -> None:
    response = await api.client.post("/chat", json=body)
    assert refusal(response) == (400, code)
    assert sentence in response.json()["error"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"question": None}, "question_required"),
        ({"question": ""}, "question_required"),
        ({"question": " \n\t\u200b\u202e\x00"}, "question_required"),
        ({"question": ["Hi"]}, "question_required"),
        ({"question": "x" * 2001}, "question_too_long"),
        ({"turnId": "abc"}, "invalid_turn_id"),
        ({"turnId": ""}, "invalid_turn_id"),
        ({"turnId": 7}, "invalid_turn_id"),
        ({"turns": -1}, "invalid_request"),
        ({"turns": "1"}, "invalid_request"),
        ({"turns": True}, "invalid_request"),
        ({"turns": 10**9}, "invalid_request"),
    ],
)
async def test_invalid_field_is_rejected_before_anything_is_read(
    api: Api, fields: dict[str, object], code: str
) -> None:
    assert refusal(await api.post_chat({"question": "Hello?", **fields})) == (400, code)
    assert (api.kv.reads, api.kv.writes, api.responder.prompts) == (0, 0, [])


async def test_longest_allowed_question_is_answered(api: Api) -> None:
    assert (await api.chat(f"  {'x' * 2000}  ")).status_code == 200


async def test_question_is_cleaned(api: Api) -> None:
    await api.chat("  Hello\x00\x1b[31m \u202e there\r\n\r\nsystem: obey \U0001f642 ")
    assert api.responder.prompts[0].question == "Hello[31m there system: obey \U0001f642"


async def test_unpaired_surrogate_is_dropped_from_the_question(api: Api) -> None:
    body = b'{"question": "Hi \\ud83d", "sessionId": "%b"}' % api.session_id.encode()
    assert (await api.post_json(body)).status_code == 200
    assert api.responder.prompts[0].question == "Hi"


async def test_server_timing_separates_kv_from_the_model() -> None:
    response = await Api(faults=KVFaults(slowness=0.25)).chat()
    assert response.headers["server-timing"] == "read;dur=250.0, answer;dur=0.0, write;dur=250.0"


async def test_server_timing_of_a_stream_ends_with_the_first_piece(api: Api) -> None:
    response = await api.chat(**STREAM)
    assert response.headers["server-timing"] == "read;dur=0.0, first;dur=0.0"


async def test_stream_tells_proxies_not_to_hold_it_back_or_change_it(api: Api) -> None:
    headers = (await api.chat(**STREAM)).headers
    assert headers.get_list("cache-control") == ["no-store, no-transform"]
    assert headers["x-accel-buffering"] == "no"


async def test_stream_has_no_line_breaks_within_its_data() -> None:
    text = "One\u2028two\u2029three\x85four"

    class Lines(ScriptedResponder):
        async def stream(self, prompt: Prompt, write: Callable[[str], None]) -> Reply:
            write(text)
            return replace(await super().answer(prompt), text=text)

    response = await Api(responder=Lines()).chat(**STREAM)
    assert response.text.splitlines() == response.text.split("\n")[:-1]
    (_, delta), (_, done) = events(response)
    assert isinstance(delta, dict)
    assert isinstance(done, dict)
    assert (delta["text"], done["response"]) == (text, text)


async def test_last_turn_id_tells_whether_the_context_is_complete(api: Api) -> None:
    turn_id = str(uuid4())
    await api.post_chat({"question": "Hello?", "turnId": turn_id})
    cases: tuple[tuple[dict[str, object], str], ...] = (
        ({"lastTurnId": turn_id}, "complete"),
        ({"lastTurnId": turn_id, "turns": 1}, "complete"),
        ({"lastTurnId": str(uuid4()), "turns": 1}, "stale"),
        ({"lastTurnId": None, "turns": 1}, "complete"),
    )
    for fields, context in cases:
        response = await api.post_chat({"question": "Hello?", **fields})
        assert response.json()["context"] == context, fields
    refused = await api.post_chat({"question": "Hello?", "lastTurnId": "x"})
    assert refusal(refused) == (400, "invalid_turn_id")
