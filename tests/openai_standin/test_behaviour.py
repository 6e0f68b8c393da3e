"""Which behaviour a request gets, and behaviours that change the content of an answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import openai
import pytest
from pydantic import ValidationError

from tests.openai_standin.asking import QUESTION, answer, ask, content, stream

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI

    from local.standin import StandIn
    from tests.openai_standin.asking import RecordedSleep


class TestPrecedence:
    async def test_counted_behaviours_override_standing_ones(
        self, standin: StandIn, client: AsyncOpenAI, sleep: RecordedSleep
    ) -> None:
        standin.behave(times=None, headers_delay=0.5, reply="always")
        standin.behave(times=2, reply="twice")
        standin.reply_with("then")
        answers = [await answer(client) for _ in range(5)]
        assert answers == ["twice", "twice", "then", "always", "always"]
        assert sleep.asked == [0.5] * 5

    async def test_behaviour_for_another_endpoint_is_skipped(
        self, standin: StandIn, client: AsyncOpenAI
    ) -> None:
        standin.behave(on="speech", status=500)
        standin.behave(on="transcriptions", times=None, status=500)
        assert (await ask(client)).choices[0].finish_reason == "stop"
        with pytest.raises(openai.InternalServerError):
            await client.audio.speech.create(model="s", voice="alloy", input="Hi")

    def test_unknown_field_raises(self, standin: StandIn) -> None:
        with pytest.raises(ValidationError):
            standin.behave(statsu=500)


class TestContent:
    async def test_empty_reply(self, standin: StandIn, client: AsyncOpenAI) -> None:
        standin.behave(reply="", times=2)
        assert await answer(client) == ""
        assert [content(chunk) async for chunk in stream(client)] == ["", ""]

    async def test_refusal(self, standin: StandIn, client: AsyncOpenAI) -> None:
        standin.behave(refusal="I will not.", times=2)
        message = (await ask(client)).choices[0].message
        assert (message.content, message.refusal) == (None, "I will not.")
        deltas = [chunk.choices[0].delta async for chunk in stream(client)]
        assert "".join(delta.refusal or "" for delta in deltas) == "I will not."
        assert not any(delta.content for delta in deltas)

    async def test_finish_reason(self, standin: StandIn, client: AsyncOpenAI) -> None:
        standin.behave(finish_reason="content_filter", times=2)
        assert (await ask(client)).choices[0].finish_reason == "content_filter"
        assert [c.choices[0].finish_reason async for c in stream(client)][-1] == "content_filter"

    async def test_json_without_finish_reason_and_usage(
        self, standin: StandIn, http: httpx2.AsyncClient
    ) -> None:
        standin.behave(finish_reason="missing", usage=False)
        body = (await http.post("chat/completions", json=QUESTION)).json()
        assert body["choices"][0]["finish_reason"] is None
        assert "usage" not in body

    async def test_stream_without_finish_reason_and_done(
        self, standin: StandIn, http: httpx2.AsyncClient
    ) -> None:
        standin.behave(reply="Hi", finish_reason="missing", done=False)
        response = await http.post("chat/completions", json={**QUESTION, "stream": True})
        events = [json.loads(line.removeprefix("data: ")) for line in response.text.split("\n\n") if line]
        assert [event["choices"][0]["delta"] for event in events] == [
            {"role": "assistant", "content": ""},
            {"content": "Hi"},
        ]

    async def test_reasoning_comes_before_the_answer(
        self, standin: StandIn, http: httpx2.AsyncClient
    ) -> None:
        messages: list[dict[str, object]] = []
        for place in ("tags", "field", "parts"):
            standin.behave(reply="Hi", reasoning="Hm.", reasoning_in=place)
            response = await http.post("chat/completions", json=QUESTION)
            messages.append(response.json()["choices"][0]["message"])
        assert messages[0]["content"] == "<think>Hm.</think>\n\nHi"
        assert (messages[1]["content"], messages[1]["reasoning_content"]) == ("Hi", "Hm.")
        assert messages[2]["content"] == [
            {"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]},
            {"type": "text", "text": "Hi"},
        ]

    async def test_reasoning_in_a_stream(self, standin: StandIn, http: httpx2.AsyncClient) -> None:
        standin.behave(reply="Hi", reasoning="Hm.", reasoning_in="field")
        response = await http.post("chat/completions", json={**QUESTION, "stream": True})
        events = [json.loads(line[6:]) for line in response.text.split("\n\n") if line.startswith("data: {")]
        deltas = [event["choices"][0]["delta"] for event in events]
        assert deltas[1:4] == [{"reasoning_content": "Hm"}, {"reasoning_content": "."}, {"content": "Hi"}]

    async def test_exact_body(self, standin: StandIn, http: httpx2.AsyncClient) -> None:
        standin.behave(exact_body="[1e400]", times=2)
        assert (await http.post("chat/completions", json=QUESTION)).text == "[1e400]"
        streamed = await http.post("chat/completions", json={**QUESTION, "stream": True})
        assert streamed.text == "data: [1e400]\n\ndata: [DONE]\n\n"

    async def test_byte_order_mark_and_line_ends(self, standin: StandIn, http: httpx2.AsyncClient) -> None:
        standin.behave(reply="Hi", bom=True, line_end="\r", times=2)
        streamed = await http.post("chat/completions", json={**QUESTION, "stream": True})
        assert streamed.content.startswith(b"\xef\xbb\xbfdata: {")
        assert streamed.content.endswith(b"\r\rdata: [DONE]\r\r")
        whole = await http.post("chat/completions", json=QUESTION)
        assert whole.content.startswith(b"\xef\xbb\xbf{")

    async def test_whole_answer_although_fewer_tokens_are_allowed(
        self, standin: StandIn, client: AsyncOpenAI
    ) -> None:
        standin.behave(reply="one two three", ignore_max_tokens=True)
        assert (await ask(client, max_completion_tokens=1)).choices[0].message.content == "one two three"
