"""Servers that reject newer fields are asked without them."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest
from openai import APIStatusError

from responders.openai_fields import FIELDS, NEWER_FIELDS, FieldFallback
from responders.openai_rejections import SYSTEM_ROLE, rejected_parts
from tests.connections import connected

BODY: dict[str, Any] = {
    "model": "m",
    "messages": [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Hello?"}],
    "max_completion_tokens": 300,
    "reasoning_effort": "none",
    "safety_identifier": "f" * 64,
    "stream": True,
    "stream_options": {"include_usage": True},
}


class OldServer:
    """Rejects requests with one of `unknown` fields, fails others while `broken`, and keeps all bodies."""

    def __init__(self, *unknown: str, status: int = 400, param: str | None = None) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.broken = False
        self._unknown = unknown
        self._status = status
        self._param = param
        self._required: str | None = None

    def now_rejects(self, *unknown: str, param: str | None = None) -> None:
        self._unknown, self._param = unknown, param

    def now_rejects_what_has_no(self, field: str) -> None:
        self._unknown, self._required = (), field

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        body = json.loads(request.content)
        self.bodies.append(body)
        rejected = [name for name in self._unknown if name in body]
        if rejected:
            return error_response(self._status, f"Unknown field {rejected[0]}.", self._param)
        if self._required and self._required not in body:
            return error_response(400, "Something is wrong with this request.")
        return httpx2.Response(500 if self.broken else 200)


def error_response(status: int, message: str, param: str | None = None) -> httpx2.Response:
    return httpx2.Response(status, json={"error": {"message": message, "param": param}})


@pytest.mark.parametrize("status", [400, 422])
async def test_rejected_fields_are_left_out_or_renamed(status: int) -> None:
    server = OldServer(*NEWER_FIELDS, status=status)
    async with connected(server) as connection:
        await FieldFallback(connection).send(BODY)
    assert server.bodies[-1].keys() == {"model", "messages", "stream", "max_tokens"}
    assert server.bodies[-1]["max_tokens"] == 300


async def test_rejected_fields_are_remembered() -> None:
    server = OldServer("safety_identifier")
    async with connected(server) as connection:
        fallback = FieldFallback(connection)
        await fallback.send(BODY)
        await fallback.send(BODY)
    assert ["safety_identifier" in body for body in server.bodies] == [True, False, False]


async def test_nothing_is_remembered_until_a_request_succeeds() -> None:
    server = OldServer("safety_identifier")
    async with connected(server) as connection:
        fallback = FieldFallback(connection)
        server.broken = True
        with pytest.raises(APIStatusError):
            await fallback.send(BODY)
        server.broken = False
        await fallback.send(BODY)
    assert ["safety_identifier" in body for body in server.bodies] == [True, False, True, False]


@pytest.mark.parametrize("param", ["stream_options", "stream_options.include_usage"])
async def test_param_names_the_field_whatever_the_message_says(param: str) -> None:
    server = OldServer("stream_options", param=param)
    async with connected(server) as connection:
        await FieldFallback(connection).send(BODY)
    assert ["stream_options" in body for body in server.bodies] == [True, False]


@pytest.mark.parametrize(
    ("status", "message", "param"),
    [
        (400, "Unknown model.", None),
        (400, "No messages, but a safety_identifier.", "messages"),
        (500, "Failed to read safety_identifier.", None),
    ],
)
async def test_other_errors_are_raised(status: int, message: str, param: str | None) -> None:
    requests: list[httpx2.Request] = []

    def reject(request: httpx2.Request) -> httpx2.Response:
        requests.append(request)
        return error_response(status, message, param)

    async with connected(reject) as connection:
        with pytest.raises(APIStatusError):
            await FieldFallback(connection).send(BODY)
    assert len(requests) == 1


async def test_server_that_changes_its_mind_is_sent_the_newer_fields_again() -> None:
    server = OldServer("max_completion_tokens", param="max_completion_tokens")
    async with connected(server) as connection:
        fallback = FieldFallback(connection)
        await fallback.send(BODY)
        server.now_rejects("max_tokens", param="max_tokens")
        await fallback.send(BODY)
        await fallback.send(BODY)
    assert ["max_tokens" in body for body in server.bodies] == [False, True, True, False, False]


async def test_unexplained_rejection_of_the_older_form_is_tried_with_the_whole_body() -> None:
    server = OldServer("safety_identifier")
    async with connected(server) as connection:
        fallback = FieldFallback(connection)
        await fallback.send(BODY)
        server.now_rejects_what_has_no("safety_identifier")
        await fallback.send(BODY)
    assert fallback.rejected == frozenset()
    assert ["safety_identifier" in body for body in server.bodies] == [True, False, False, True]


async def test_field_that_is_rejected_under_both_names_is_not_tried_forever() -> None:
    server = OldServer("max_completion_tokens", "max_tokens")
    async with connected(server) as connection:
        with pytest.raises(APIStatusError):
            await FieldFallback(connection).send(BODY)
    assert len(server.bodies) == 2


REJECTIONS = [
    ({"message": "Unrecognized request argument supplied: safety_identifier"}, 400),
    ({"message": "property 'safety_identifier' is unsupported"}, 400),
    ({"message": 'Invalid JSON payload received. Unknown name "safety_identifier": Cannot find field.'}, 400),
    ({"message": "safety_identifier: Extra inputs are not permitted"}, 400),
    ({"message": "Unsupported parameter: 'safety_identifier' is not supported with this model."}, 400),
    ({"message": "Unsupported", "param": "safety_identifier"}, 400),
    ({"detail": [{"type": "extra_forbidden", "loc": ["body", "safety_identifier"], "msg": "Extra"}]}, 422),
]


@pytest.mark.parametrize(("body", "status"), REJECTIONS)
def test_rejected_field_in_the_words_of_several_servers(body: dict[str, Any], status: int) -> None:
    assert rejected_parts(status_error(status, body), BODY, FIELDS) == {"safety_identifier"}


@pytest.mark.parametrize(
    ("status", "message", "param"),
    [
        (400, "System role not supported", None),
        (
            400,
            "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
            "messages[0].role",
        ),
        (400, "Developer instruction is not enabled for models/m", None),
        (400, "Conversation roles must alternate user/assistant/user/assistant/...", None),
        (422, "system role is not supported by this model", None),
        (500, "System role not supported", None),
    ],
)
def test_rejected_system_role_in_the_words_of_several_servers(
    status: int, message: str, param: str | None
) -> None:
    error = status_error(status, {"message": message, "param": param})
    assert rejected_parts(error, BODY, FIELDS) == {SYSTEM_ROLE}


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ("max_completion_tokens", "Your prompt was blocked by our policy: 'max_completion_tokens'"),
        ("unknown field max_completion_tokens", "unknown field max_completion_tokens"),
        ("Unsupported: safety_identifier", "Unsupported: safety_identifier"),
        ("System role not supported", "System role not supported"),
        ("system role not supported", "Blocked: system role not supported"),
        ("Is the role of a developer supported?", "the role of a developer is not supported"),
    ],
)
def test_quoted_question_rejects_nothing(question: str, message: str) -> None:
    messages = [BODY["messages"][0], {"role": "user", "content": question}]
    for status in (400, 422, 500):
        error = status_error(status, {"message": message})
        assert rejected_parts(error, {**BODY, "messages": messages}, FIELDS) == frozenset()


async def test_instructions_are_part_of_the_first_user_message_without_a_system_role() -> None:
    bodies = []

    def gemma(request: httpx2.Request) -> httpx2.Response:
        body = json.loads(request.content)
        bodies.append(body)
        if body["messages"][0]["role"] == "system":
            return error_response(400, "System role not supported")
        return httpx2.Response(200)

    history = [{"role": "assistant", "content": "Hello."}, {"role": "user", "content": "Price?"}]
    async with connected(gemma) as connection:
        fallback = FieldFallback(connection)
        for _ in range(2):
            await fallback.send({**BODY, "messages": [*BODY["messages"], *history]})
    assert bodies[1]["messages"] == [{"role": "user", "content": "Be kind.\n\nHello?"}, *history]
    assert bodies[2] == bodies[1]
    assert len(bodies) == 3


async def test_one_visitors_words_change_nothing_for_others() -> None:
    bodies = []

    def gateway(request: httpx2.Request) -> httpx2.Response:
        """A gateway that quotes what it blocks, before a model without the older fields."""
        body = json.loads(request.content)
        bodies.append(body)
        said = body["messages"][-1]["content"]
        if "bomb" in said:
            return error_response(400, f"Your prompt was blocked by our policy: '{said}'")
        if "max_tokens" in body:
            return error_response(400, "Unsupported parameter.", "max_tokens")
        return httpx2.Response(200)

    question = {"role": "user", "content": "bomb max_completion_tokens safety_identifier"}
    async with connected(gateway) as connection:
        fallback = FieldFallback(connection)
        with pytest.raises(APIStatusError):
            await fallback.send({**BODY, "messages": [question]})
        await fallback.send(BODY)
    assert [body["max_completion_tokens"] for body in bodies] == [300, 300]
    assert fallback.rejected == frozenset()


def status_error(status: int, error: dict[str, Any]) -> APIStatusError:
    request = httpx2.Request("POST", "https://llm.example/v1/chat/completions")
    response = httpx2.Response(status, request=request)
    return APIStatusError(str(error.get("message", "")), response=response, body=error)
