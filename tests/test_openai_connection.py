"""Requests to an OpenAI-compatible server: headers, timeouts and retries."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import httpx2
import pytest
from openai import APIStatusError

from tests.clocks import PATIENCE_SECONDS, START, AutoClock
from tests.connections import connected

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

OK = httpx2.Response(200, json={})


class FailingServer:
    """Fails each request with `failure`, and keeps the requests."""

    def __init__(self, failure: httpx2.Response | Exception, times: int = 1000) -> None:
        self.requests: list[httpx2.Request] = []
        self._failure = failure
        self._times = times

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        if len(self.requests) > self._times:
            return OK
        if isinstance(self._failure, Exception):
            raise self._failure
        return httpx2.Response(self._failure.status_code, headers=self._failure.headers, content=b"{}")


async def sleeps_of(server: Callable[[httpx2.Request], httpx2.Response], retries: int) -> list[float]:
    """How long the connection waits between its attempts until it succeeds or gives up."""
    clock = AutoClock()
    async with connected(server, clock, OPENAI_MAX_RETRIES=str(retries)) as connection:
        with suppress(APIStatusError, httpx2.RequestError):
            await connection.with_retries(lambda: connection.post_chat({}))
    return clock.sleeps


async def test_request_headers() -> None:
    server = FailingServer(OK, times=0)
    async with connected(server, OPENAI_BASE_URL="https://llm.example/v1") as connection:
        await connection.post_chat({"model": "m"})
    (request,) = server.requests
    assert str(request.url) == "https://llm.example/v1/chat/completions"
    assert request.headers["authorization"] == "Bearer sk-test"
    assert request.headers["content-type"] == "application/json"
    assert not [name for name in request.headers if name.startswith("x-stainless")]
    assert request.content == b'{"model":"m"}'


async def test_timeout_is_the_configured_one() -> None:
    server = FailingServer(OK, times=0)
    async with connected(server, OPENAI_TIMEOUT_SECONDS="7") as connection:
        await connection.post_chat({})
        assert connection.client.timeout == httpx2.Timeout(7)
    assert server.requests[0].extensions["timeout"] == httpx2.Timeout(7).as_dict()


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503])
async def test_temporary_statuses_are_retried(status: int) -> None:
    server = FailingServer(httpx2.Response(status))
    await sleeps_of(server, retries=2)
    assert len(server.requests) == 3


@pytest.mark.parametrize("status", [307, 400, 401, 403, 404, 422])
async def test_other_statuses_are_final(status: int) -> None:
    server = FailingServer(httpx2.Response(status))
    assert await sleeps_of(server, retries=2) == []
    assert len(server.requests) == 1


@pytest.mark.parametrize("error", [httpx2.ConnectError("refused"), httpx2.ReadTimeout("slow")])
async def test_broken_connections_are_retried(error: Exception) -> None:
    server = FailingServer(error, times=1)
    await sleeps_of(server, retries=1)
    assert len(server.requests) == 2


@pytest.mark.parametrize(("advice", "status", "requests"), [("true", 400, 2), ("false", 500, 1)])
async def test_server_decides_by_x_should_retry(advice: str, status: int, requests: int) -> None:
    server = FailingServer(httpx2.Response(status, headers={"x-should-retry": advice}))
    await sleeps_of(server, retries=1)
    assert len(server.requests) == requests


async def test_backoff_doubles_less_up_to_a_quarter() -> None:
    first, second, third = await sleeps_of(FailingServer(httpx2.Response(500)), retries=3)
    assert 0.375 <= first <= 0.5
    assert 0.75 <= second <= 1
    assert 1.5 <= third <= 2


SOON = format_datetime(START + timedelta(seconds=1), usegmt=True)
LATER = format_datetime(START + timedelta(seconds=30), usegmt=True)


@pytest.mark.parametrize(
    ("headers", "sleeps"),
    [
        ({"retry-after": "1"}, [1]),
        ({"retry-after": "1.5"}, [1.5]),
        ({"retry-after-ms": "250", "retry-after": "1"}, [0.25]),
        ({"retry-after": SOON}, [1]),
        ({"retry-after": "30"}, []),
        ({"retry-after": LATER}, []),
        ({"retry-after": "1", "retry-after-ms": "8000"}, []),
    ],
)
async def test_retry_after_is_obeyed_up_to_two_seconds(headers: dict[str, str], sleeps: list[float]) -> None:
    failing = httpx2.Response(429, headers=headers)
    assert await sleeps_of(FailingServer(failing), retries=1) == sleeps


class Blanks(httpx2.AsyncByteStream):
    """A body of nothing but line breaks, as some servers send while an answer takes long."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            yield b"\n"
            await asyncio.sleep(0.01)


async def test_white_space_is_not_the_beginning_of_a_body() -> None:
    body = httpx2.Response(200, headers={"content-type": "application/json"}, stream=Blanks())
    async with connected(lambda _: body, OPENAI_TIMEOUT_SECONDS="0.1") as connection:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(connection.read(await connection.post_chat({}), 1000), PATIENCE_SECONDS)


async def test_long_body_is_not_read_to_its_end() -> None:
    pieces: list[int] = []

    class Endless(httpx2.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            while True:
                pieces.append(len(pieces))
                yield b"x" * 100

    async with connected(lambda _: httpx2.Response(200, stream=Endless())) as connection:
        data = await connection.read(await connection.post_chat({}), 1000)
    assert (len(data), len(pieces)) == (1100, 11)


async def test_long_body_of_an_error_is_not_read_to_its_end() -> None:
    async with connected(lambda _: httpx2.Response(500, stream=Blanks())) as connection:
        connection.timeout_seconds = 0.1
        with pytest.raises(TimeoutError):
            await connection.post_chat({})


async def test_redirect_is_not_followed() -> None:
    server = FailingServer(httpx2.Response(307, headers={"location": "https://elsewhere.example/"}))
    async with connected(server, OPENAI_BASE_URL="https://llm.example/v1") as connection:
        with pytest.raises(APIStatusError):
            await connection.post_chat({})
        with pytest.raises(APIStatusError):
            await connection.client.audio.speech.create(model="s", voice="alloy", input="Hi")
        with pytest.raises(APIStatusError):
            await connection.client.audio.transcriptions.create(model="t", file=("a.wav", b"a"))
    assert {request.url.host for request in server.requests} == {"llm.example"}
    assert len(server.requests) == 3
