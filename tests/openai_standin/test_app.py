"""Endpoints, methods and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2

if TYPE_CHECKING:
    from openai import AsyncOpenAI

    from local.standin import StandIn


async def test_models(client: AsyncOpenAI) -> None:
    assert "gpt-6-luna" in [model.id async for model in client.models.list()]


async def test_missing_key(standin: StandIn) -> None:
    async with httpx2.AsyncClient() as http:
        response = await http.get(f"{standin.base_url}/models")
    assert response.status_code == 401
    assert response.json()["error"]["type"] == "invalid_request_error"


async def test_unknown_path(http: httpx2.AsyncClient) -> None:
    response = await http.post("responses", json={})
    assert (response.status_code, response.json()["error"]["code"]) == (404, "unknown_url")


async def test_wrong_method(http: httpx2.AsyncClient) -> None:
    assert (await http.get("chat/completions")).status_code == 405
