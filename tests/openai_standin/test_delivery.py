"""How a response is sent: broken off, malformed, in small writes, at a pace."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx2
import openai
import pytest

from local.standin import Behaviour
from local.standin.delivery import Delivery, Pace
from local.standin.planned_response import PlannedResponse
from tests.openai_standin.asking import (
    QUESTION,
    UNICODE,
    RecordedSleep,
    ask,
    content,
    outcome,
    stream,
    stream_into,
)

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from openai.types.chat import ChatCompletionChunk

    from local.standin import StandIn

DELAYS: dict[str, Any] = {"headers_delay": 0.1, "first_delay": 0.3, "piece_delay": 0.02, "piece_tokens": 2}


class TestBreaks:
    async def test_cut_in_stream_keeps_pieces_before_it(self, standin: StandIn, client: AsyncOpenAI) -> None:
        standin.behave(reply="One two three.", cut_after=2)
        chunks: list[ChatCompletionChunk] = []
        with pytest.raises(openai.APIConnectionError):
            await stream_into(chunks, client)
        assert "".join(map(content, chunks)) == "One two"
        assert await outcome(standin.requests[0]) == "cut"

    async def test_cut_past_the_end_leaves_out_the_closing(
        self, standin: StandIn, client: AsyncOpenAI
    ) -> None:
        standin.behave(reply=UNICODE, cut_after=1000)
        chunks: list[ChatCompletionChunk] = []
        with pytest.raises(openai.APIConnectionError):
            await stream_into(chunks, client)
        assert "".join(map(content, chunks)) == UNICODE
        assert {chunk.choices[0].finish_reason for chunk in chunks} == {None}

    @pytest.mark.parametrize(
        "behaviour", [{"cut_after": n} for n in (0, 1, 9)] + [{"cut_before_headers": True}]
    )
    async def test_cut_in_json(
        self, standin: StandIn, client: AsyncOpenAI, behaviour: dict[str, Any]
    ) -> None:
        standin.behave(**behaviour)
        with pytest.raises(openai.APIConnectionError):
            await ask(client)
        assert await outcome(standin.requests[0]) == "cut"

    async def test_cut_in_speech(self, standin: StandIn, http: httpx2.AsyncClient) -> None:
        standin.behave(cut_after=1)
        with pytest.raises(httpx2.RemoteProtocolError):
            await http.post("audio/speech", json={"model": "s", "voice": "alloy", "input": "One two"})

    async def test_stall_ends_when_the_client_leaves(self, standin: StandIn, client: AsyncOpenAI) -> None:
        standin.behave(stall_after=2)
        chunks = stream(client)
        async for chunk in chunks:
            if content(chunk):
                break
        assert standin.requests[0].outcome == "running"
        await chunks.aclose()  # type: ignore[attr-defined]
        assert await outcome(standin.requests[0]) == "client_left"

    async def test_long_answer_ends_when_the_client_leaves(
        self, standin: StandIn, client: AsyncOpenAI, caplog: pytest.LogCaptureFixture
    ) -> None:
        standin.behave(reply="word " * 50_000)
        chunks = stream(client)
        await anext(chunks)
        await chunks.aclose()  # type: ignore[attr-defined]
        assert await outcome(standin.requests[0]) == "client_left"
        assert caplog.messages == []

    async def test_comments_during_a_stall(self, standin: StandIn, http: httpx2.AsyncClient) -> None:
        standin.behave(reply="One two", stall_after=0, keep_alive=0.01)
        async with http.stream("POST", "chat/completions", json={**QUESTION, "stream": True}) as response:
            async for line in response.aiter_lines():
                if line.startswith(":"):
                    break
        assert line == ": keep-alive"
        assert await outcome(standin.requests[0]) == "client_left"

    async def test_malformed_event(self, standin: StandIn, client: AsyncOpenAI) -> None:
        standin.behave(malformed_after=1)
        with pytest.raises(json.JSONDecodeError):
            [chunk async for chunk in stream(client)]

    @pytest.mark.parametrize("after", [0, 5])
    async def test_malformed_json(self, standin: StandIn, http: httpx2.AsyncClient, after: int) -> None:
        standin.behave(malformed_after=after)
        response = await http.post("chat/completions", json=QUESTION)
        assert response.status_code == 200
        with pytest.raises(json.JSONDecodeError):
            response.json()

    async def test_error_event_in_stream(self, standin: StandIn, client: AsyncOpenAI) -> None:
        standin.behave(error_after=2)
        with pytest.raises(openai.APIError, match="had an error"):
            [chunk async for chunk in stream(client)]
        assert await outcome(standin.requests[0]) == "sent"


class TestWrites:
    async def test_write_size_is_the_maximum(self, sleep: RecordedSleep) -> None:
        written: list[bytes] = []

        async def send(message: dict[str, Any]) -> None:
            written.append(message.get("body", b""))

        response = PlannedResponse("text/plain", [UNICODE.encode()])
        assert await Delivery(response, Behaviour(write_size=2), send, Pace(sleep)).run() == "sent"
        assert b"".join(written) == UNICODE.encode()
        assert max(map(len, written)) == 2

    async def test_writes_may_split_characters_and_events(
        self, standin: StandIn, client: AsyncOpenAI
    ) -> None:
        standin.behave(reply=UNICODE, write_size=1)
        assert "".join([content(chunk) async for chunk in stream(client)]) == UNICODE


class TestPace:
    async def test_stream(self, standin: StandIn, client: AsyncOpenAI, sleep: RecordedSleep) -> None:
        standin.behave(reply="a b c d e", **DELAYS)
        assert [content(chunk) async for chunk in stream(client)] == ["", "a b", " c d", " e", ""]
        assert sleep.asked == [0.1, 0.3, 0.02, 0.02]

    async def test_json_takes_as_long_as_a_stream(
        self, standin: StandIn, client: AsyncOpenAI, sleep: RecordedSleep
    ) -> None:
        standin.behave(reply="a b c d e", **DELAYS)
        await ask(client)
        assert sleep.asked == [pytest.approx(0.1 + 0.3 + 0.02 * 2)]

    async def test_oversleeping_shortens_later_waits(self) -> None:
        asked: list[float] = []

        async def oversleep(seconds: float) -> None:
            asked.append(seconds)

        pace = Pace(oversleep, lambda: sum(asked) + (5 if asked else 0))
        for _ in range(4):
            await pace.wait(2)
        assert asked == [2, 0, 0, 1]
