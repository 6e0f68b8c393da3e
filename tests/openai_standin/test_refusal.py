"""Refusals on demand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openai
import pytest

from tests.openai_standin.asking import QUESTION, ask

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI

    from local.standin import StandIn
    from tests.openai_standin.asking import RecordedSleep


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, openai.BadRequestError),
        (401, openai.AuthenticationError),
        (403, openai.PermissionDeniedError),
        (404, openai.NotFoundError),
        (408, openai.APIStatusError),
        (409, openai.ConflictError),
        (429, openai.RateLimitError),
        (500, openai.InternalServerError),
        (502, openai.InternalServerError),
        (503, openai.InternalServerError),
    ],
)
async def test_status_raises_the_packages_error(
    standin: StandIn, client: AsyncOpenAI, status: int, expected: type[openai.APIStatusError]
) -> None:
    standin.behave(status=status)
    with pytest.raises(expected) as raised:
        await ask(client)
    assert raised.value.status_code == status
    assert isinstance(raised.value.body, dict)
    assert set(raised.value.body) == {"message", "type", "param", "code"}
    assert "retry-after" not in raised.value.response.headers
    assert (await ask(client)).choices[0].finish_reason == "stop"


async def test_retry_after_and_error_code(standin: StandIn, client: AsyncOpenAI) -> None:
    standin.behave(status=429, retry_after=7, error_code="insufficient_quota")
    with pytest.raises(openai.RateLimitError) as raised:
        await ask(client)
    assert raised.value.response.headers["retry-after"] == "7"
    assert (raised.value.code, raised.value.type) == ("insufficient_quota", "insufficient_quota")


async def test_html_page(standin: StandIn, client: AsyncOpenAI) -> None:
    standin.behave(not_json=True, status=502)
    with pytest.raises(openai.InternalServerError) as raised:
        await ask(client)
    assert raised.value.response.headers["content-type"] == "text/html"


async def test_unknown_fields(standin: StandIn, http: httpx2.AsyncClient) -> None:
    standin.behave(unknown_fields=["safety_identifier"], times=2)
    response = await http.post("chat/completions", json={**QUESTION, "safety_identifier": "x"})
    assert (response.status_code, response.json()["error"]["code"]) == (400, "unknown_field")
    assert (await http.post("chat/completions", json=QUESTION)).status_code == 200


async def test_refusal_waits_for_headers_only(
    standin: StandIn, client: AsyncOpenAI, sleep: RecordedSleep
) -> None:
    standin.behave(status=500, headers_delay=0.1, first_delay=0.3)
    with pytest.raises(openai.InternalServerError):
        await ask(client)
    assert sleep.asked == [0.1]


async def test_own_message_and_param(standin: StandIn, http: httpx2.AsyncClient) -> None:
    standin.behave(status=400, error_code="content_filter", error_message="Filtered.", error_param="prompt")
    error = (await http.post("chat/completions", json=QUESTION)).json()["error"]
    assert (error["message"], error["param"], error["code"]) == ("Filtered.", "prompt", "content_filter")


async def test_redirect(standin: StandIn, http: httpx2.AsyncClient) -> None:
    standin.behave(redirect="http://elsewhere.example/v1")
    response = await http.post("chat/completions", json=QUESTION)
    assert (response.status_code, response.headers["location"]) == (307, "http://elsewhere.example/v1")


async def test_model_without_a_system_role(standin: StandIn, client: AsyncOpenAI) -> None:
    standin.behave(no_system_role=True)
    with pytest.raises(openai.BadRequestError, match="System role not supported"):
        await ask(client)


async def test_model_with_a_small_window(standin: StandIn, http: httpx2.AsyncClient) -> None:
    standin.behave(max_prompt_tokens=10, times=2)
    assert (await http.post("chat/completions", json=QUESTION)).status_code == 200
    longer = {"model": "m", "messages": [{"role": "user", "content": "Hello, you there?"}]}
    error = (await http.post("chat/completions", json=longer)).json()["error"]
    assert error["code"] == "context_length_exceeded"
