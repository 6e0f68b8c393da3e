"""What is recorded of each request."""

from __future__ import annotations

import asyncio
import queue
from typing import TYPE_CHECKING

import httpx2
import pytest

from local.standin import StandIn, running_standin
from tests.openai_standin.asking import KEY, QUESTION, ask, messages, outcome

if TYPE_CHECKING:
    from openai import AsyncOpenAI


async def test_body_headers_and_outcome(standin: StandIn, client: AsyncOpenAI) -> None:
    await ask(client, "Hello?", max_tokens=5)
    request = standin.requests[0]
    assert await outcome(request) == "sent"
    assert (request.method, request.path) == ("POST", "/v1/chat/completions")
    assert request.body == {"model": "m", "messages": messages("Hello?"), "max_tokens": 5}
    assert request.headers["authorization"] == "Bearer ***"
    assert "sk-secret" not in repr(request)


async def test_client_leaves_before_its_body_has_arrived() -> None:
    lines: queue.Queue[str] = queue.Queue()
    with running_standin(StandIn(log=lines.put)) as standin:
        port = int(standin.base_url.rpartition(":")[2].partition("/")[0])
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{")
        writer.close()
        await writer.wait_closed()
        logged = await asyncio.to_thread(lines.get, timeout=10)
    assert logged == "POST /v1/chat/completions - client_left"
    assert standin.requests[0].client_left


def test_path_cannot_control_the_terminal() -> None:
    lines: queue.Queue[str] = queue.Queue()
    with running_standin(StandIn(log=lines.put)) as standin:
        httpx2.get(f"{standin.base_url}/%1B%5B2Jforged")
        assert lines.get(timeout=10) == "GET /v1/%1B%5B2Jforged 404 sent"


def test_waiting_for_a_running_request_times_out(standin: StandIn) -> None:
    standin.behave(stall_after=0)
    with httpx2.stream("POST", f"{standin.base_url}/chat/completions", json=QUESTION, headers=KEY):
        request = standin.requests[0]
        with pytest.raises(TimeoutError, match="still running"):
            request.wait_until_over(timeout=0)
    assert request.wait_until_over() == "client_left"
