"""Servers that reject newer fields are asked without them."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import pytest
from openai import APIStatusError

from responders.openai_fields import NEWER_FIELDS, FieldFallback
from tests.connections import connected

BODY: dict[str, Any] = {
    "model": "m",
    "messages": [],
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

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        body = json.loads(request.content)
        self.bodies.append(body)
        rejected = [name for name in self._unknown if name in body]
        if rejected:
            return error_response(self._status, f"Unknown field {rejected[0]}.", self._param)
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
