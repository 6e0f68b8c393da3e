"""The application as a whole: its OpenAPI document, and what it answers when it is misconfigured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from api.app import create_app
from errors import ConfigurationError
from tests.api import Api, client_of, refusal

if TYPE_CHECKING:
    from services import Services


def misconfigured(_scope: object) -> Services:
    raise ConfigurationError("The KV binding VOICE_SESSIONS is missing.")


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/session"), ("POST", "/chat"), ("GET", "/config"), ("GET", "/health")]
)
@pytest.mark.parametrize("headers", [{}, {"origin": "https://shop.example"}], ids=["own", "other"])
async def test_configuration_error_is_the_answer_to_every_call(
    method: str, path: str, headers: dict[str, str]
) -> None:
    response = await client_of(create_app(misconfigured)).request(method, path, headers=headers)
    assert refusal(response) == (500, "configuration_error")
    assert "VOICE_SESSIONS" in response.json()["error"]


async def test_openapi_documents_every_call_and_every_error_of_chat() -> None:
    document = (await Api().client.get("/openapi.json")).json()
    assert {path.removeprefix("/api/voice-agent") for path in document["paths"]} == {
        "/chat",
        "/session",
        "/session/export",
        "/transcribe",
        "/speech",
        "/config",
        "/health",
        "/conversations",
        "/conversations/search",
        "/conversations/export",
        "/conversations/{conversation_id}",
        "/conversations/{conversation_id}/sessions",
        "/pairings",
        "/pairings/redeem",
    }
    chat = document["paths"]["/api/voice-agent/chat"]["post"]["responses"]
    statuses = (200, 400, 401, 403, 409, 410, 413, 415, 429, 500, 502, 503, 504)
    assert set(chat) == {*map(str, statuses), "default"}
    assert "text/event-stream" in chat["200"]["content"]
