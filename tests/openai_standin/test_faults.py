"""Refusals, breaks, odd answers and delays on demand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import httpx2
import openai
import pytest

from local.standin.faults import Behaviour
from local.standin.script import Pace, Performance, Script
from tests.openai_standin.asking import (
    QUESTION,
    SAID,
    RecordedSleep,
    ask,
    listen,
    over,
    said,
    stream,
)

if TYPE_CHECKING:
    from openai import AsyncOpenAI
    from openai.types.chat import ChatCompletionChunk

    from local.openai_standin import StandIn


class TestRefusals:
    """Errors on demand."""

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
            (503, openai.InternalServerError),
            (502, openai.InternalServerError),
        ],
    )
    async def test_statuses_become_the_sdks_errors(
        self, standin: StandIn, client: AsyncOpenAI, status: int, expected: type[openai.APIStatusError]
    ) -> None:
        standin.behave(status=status)
        with pytest.raises(expected) as raised:
            await ask(client)
        assert raised.value.status_code == status
        assert isinstance(raised.value.body, dict)
        assert set(raised.value.body) == {"message", "type", "param", "code"}
        assert "retry-after" not in raised.value.response.headers
        assert (await ask(client)).choices[0].finish_reason == "stop"

    async def test_retry_after_and_code(self, standin: StandIn, client: AsyncOpenAI) -> None:
        standin.behave(status=429, retry_after=7, error_code="insufficient_quota")
        with pytest.raises(openai.RateLimitError) as raised:
            await ask(client)
        assert raised.value.response.headers["retry-after"] == "7"
        assert (raised.value.code, raised.value.type) == ("insufficient_quota", "insufficient_quota")

    async def test_a_page_of_html(self, standin: StandIn, client: AsyncOpenAI) -> None:
        standin.behave(not_json=True, status=502)
        with pytest.raises(openai.InternalServerError) as raised:
            await ask(client)
        assert raised.value.response.headers["content-type"] == "text/html"

    async def test_the_sdk_tries_again(self, standin: StandIn, client: AsyncOpenAI) -> None:
        standin.behave(status=503, times=2, retry_after="0.001")
        answer = await ask(client.with_options(max_retries=2))
        assert answer.choices[0].finish_reason == "stop"
        assert len(standin.requests) == 3


class TestBreaks:
    """Connections and bodies that break."""

    async def test_a_cut_lets_through_the_pieces_before_it(
        self, standin: StandIn, client: AsyncOpenAI
    ) -> None:
        standin.behave(reply="One two three.", cut_after=2)
        heard: list[ChatCompletionChunk] = []
        with pytest.raises(openai.APIConnectionError):
            await listen(client, heard)
        assert "".join(map(said, heard)) == "One two"
        assert await over(standin.requests[0]) == "cut"

    async def test_a_cut_past_the_end_leaves_out_what_marks_it(
        self, standin: StandIn, client: AsyncOpenAI
    ) -> None:
        standin.behave(reply=SAID, cut_after=1000)
        heard: list[ChatCompletionChunk] = []
        with pytest.raises(openai.APIConnectionError):
            await listen(client, heard)
        assert "".join(map(said, heard)) == SAID
        assert {chunk.choices[0].finish_reason for chunk in heard} == {None}

    @pytest.mark.parametrize("after", [0, 1, 9])
    async def test_cut_in_a_json_body(self, standin: StandIn, client: AsyncOpenAI, after: int) -> None:
        standin.behave(cut_after=after)
        with pytest.raises(openai.APIConnectionError):
            await ask(client)
        assert await over(standin.requests[0]) == "cut"

    async def test_cut_before_the_headers(self, standin: StandIn, client: AsyncOpenAI) -> None:
        standin.behave(cut_before_headers=True)
        with pytest.raises(openai.APIConnectionError):
            await ask(client)
        assert await over(standin.requests[0]) == "cut"

    async def test_cut_in_speech(self, standin: StandIn, http: httpx2.AsyncClient) -> None:
        standin.behave(cut_after=1)
        with pytest.raises(httpx2.RemoteProtocolError):
            await http.post("audio/speech", json={"model": "s", "voice": "alloy", "input": "One two"})

    async def test_a_stall_ends_when_the_client_leaves(self, standin: StandIn, client: AsyncOpenAI) -> None:
        standin.behave(stall_after=2)
        heard = stream(client)
        async for chunk in heard:
            if said(chunk):
                break
        assert standin.requests[0].outcome == "running"
        await heard.aclose()  # type: ignore[attr-defined]
        assert await over(standin.requests[0]) == "client_left"
        assert standin.requests[0].client_left

    async def test_a_malformed_event(self, standin: StandIn, client: AsyncOpenAI) -> None:
        standin.behave(malformed_after=1)
        with pytest.raises(json.JSONDecodeError):
            [chunk async for chunk in stream(client)]

    @pytest.mark.parametrize("after", [0, 5])
    async def test_malformed_json(self, standin: StandIn, http: httpx2.AsyncClient, after: int) -> None:
        standin.behave(malformed_after=after)
        answer = await http.post("chat/completions", json=QUESTION)
        assert answer.status_code == 200
        with pytest.raises(json.JSONDecodeError):
            answer.json()

    async def test_an_error_in_a_stream(self, standin: StandIn, client: AsyncOpenAI) -> None:
        standin.behave(error_after=2)
        with pytest.raises(openai.APIError, match="had an error"):
            [chunk async for chunk in stream(client)]
        assert await over(standin.requests[0]) == "sent"

    async def test_writes_are_no_longer_than_was_asked(self, sleep: RecordedSleep) -> None:
        written: list[bytes] = []

        async def send(message: dict[str, Any]) -> None:
            written.append(message.get("body", b""))

        script = Script("text/plain", [SAID.encode()])
        assert await Performance(script, Behaviour(write_size=2), send, Pace(sleep)).run() == "sent"
        assert b"".join(written) == SAID.encode()
        assert max(map(len, written)) == 2

    async def test_writes_that_split_characters_and_events(
        self, standin: StandIn, client: AsyncOpenAI
    ) -> None:
        standin.behave(reply=SAID, write_size=1)
        assert "".join([said(chunk) async for chunk in stream(client)]) == SAID

    async def test_no_end(self, standin: StandIn, http: httpx2.AsyncClient) -> None:
        standin.behave(reply="Hi", finish_reason="missing", done=False)
        answer = await http.post("chat/completions", json={**QUESTION, "stream": True})
        events = [json.loads(line.removeprefix("data: ")) for line in answer.text.split("\n\n") if line]
        assert [event["choices"][0]["delta"] for event in events] == [
            {"role": "assistant", "content": ""},
            {"content": "Hi"},
        ]


class TestContent:
    """Answers of another kind."""

    async def test_empty(self, standin: StandIn, client: AsyncOpenAI) -> None:
        standin.behave(reply="", times=2)
        assert (await ask(client)).choices[0].message.content == ""
        assert [said(chunk) async for chunk in stream(client)] == ["", ""]

    async def test_refusal(self, standin: StandIn, client: AsyncOpenAI) -> None:
        standin.behave(refusal="I will not.", times=2)
        message = (await ask(client)).choices[0].message
        assert (message.content, message.refusal) == (None, "I will not.")
        deltas = [chunk.choices[0].delta async for chunk in stream(client)]
        assert "".join(delta.refusal or "" for delta in deltas) == "I will not."
        assert not any(delta.content for delta in deltas)

    async def test_content_filter(self, standin: StandIn, client: AsyncOpenAI) -> None:
        standin.behave(finish_reason="content_filter", times=2)
        assert (await ask(client)).choices[0].finish_reason == "content_filter"
        assert [c.choices[0].finish_reason async for c in stream(client)][-1] == "content_filter"

    async def test_no_finish_reason_and_no_usage(self, standin: StandIn, http: httpx2.AsyncClient) -> None:
        standin.behave(finish_reason="missing", usage=False)
        body = (await http.post("chat/completions", json=QUESTION)).json()
        assert body["choices"][0]["finish_reason"] is None
        assert "usage" not in body


class TestDelays:
    """What is waited for, by an injected sleep."""

    async def test_a_stream(self, standin: StandIn, client: AsyncOpenAI, sleep: RecordedSleep) -> None:
        standin.behave(
            reply="a b c d e", headers_delay=0.1, first_delay=0.3, piece_delay=0.02, piece_tokens=2
        )
        assert [said(chunk) async for chunk in stream(client)] == ["", "a b", " c d", " e", ""]
        assert sleep.asked == [0.1, 0.3, 0.02, 0.02]

    async def test_what_one_wait_took_too_long_is_taken_off_the_next(self) -> None:
        asked: list[float] = []

        async def oversleep(seconds: float) -> None:
            asked.append(seconds)

        pace = Pace(oversleep, lambda: sum(asked) + (5 if asked else 0))
        for _ in range(4):
            await pace.wait(2)
        assert asked == [2, 0, 0, 1]

    async def test_json_takes_as_long_as_its_stream(
        self, standin: StandIn, client: AsyncOpenAI, sleep: RecordedSleep
    ) -> None:
        standin.behave(
            reply="a b c d e", headers_delay=0.1, first_delay=0.3, piece_delay=0.02, piece_tokens=2
        )
        await ask(client)
        assert sleep.asked == [pytest.approx(0.1 + 0.3 + 0.02 * 2)]

    async def test_a_refusal_waits_for_its_headers_only(
        self, standin: StandIn, client: AsyncOpenAI, sleep: RecordedSleep
    ) -> None:
        standin.behave(status=500, headers_delay=0.1, first_delay=0.3)
        with pytest.raises(openai.InternalServerError):
            await ask(client)
        assert sleep.asked == [0.1]
