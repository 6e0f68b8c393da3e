"""Completions in JSON and as a stream, models, and calls that are not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from tests.openai_standin.asking import (
    QUESTION,
    ask,
    messages,
    said,
    stream,
)

if TYPE_CHECKING:
    from openai import AsyncOpenAI

    from local.openai_standin import StandIn


class TestChat:
    """`POST /v1/chat/completions`."""

    async def test_answers_from_the_knowledge_that_was_sent(self, client: AsyncOpenAI) -> None:
        answer = await ask(client, "What's your pricing?")
        assert answer.choices[0].message.content == (
            "We have three tiers: Spark for 3 dollars, Beam for 9 dollars and Sun for 27 dollars."
        )
        assert answer.choices[0].finish_reason == "stop"
        assert (answer.object, answer.model, answer.created) == ("chat.completion", "m", 1_800_000_000)

    async def test_history_tells_which_one_is_the_middle_one(self, client: AsyncOpenAI) -> None:
        first = (await ask(client, "What's your pricing?")).choices[0].message.content or ""
        second = await ask(client, "What's your pricing?", first, "What about the middle one?")
        alone = await ask(client, "What about the middle one?")
        assert (
            second.choices[0].message.content
            == "Beam is for a family and costs 9 dollars. It comes with a tripod."
        )
        assert "Beam" not in (alone.choices[0].message.content or "")

    async def test_says_so_where_no_knowledge_was_sent(self, client: AsyncOpenAI) -> None:
        answer = await client.chat.completions.create(
            model="m", messages=[{"role": "user", "content": "Prices?"}]
        )
        assert answer.choices[0].message.content == "I was sent nothing to answer from."

    async def test_a_stream_says_the_same_as_json_with_the_same_usage(self, client: AsyncOpenAI) -> None:
        answer = await ask(client)
        chunks = [chunk async for chunk in stream(client, stream_options={"include_usage": True})]
        assert "".join(map(said, chunks)) == answer.choices[0].message.content
        assert chunks[0].choices[0].delta.role == "assistant"
        assert [c.choices[0].finish_reason for c in chunks if c.choices][-2:] == [None, "stop"]
        assert chunks[-1].choices == []
        assert answer.usage
        assert chunks[-1].usage == answer.usage
        assert [chunk.usage for chunk in chunks[:-1]] == [None] * (len(chunks) - 1)
        assert answer.usage.completion_tokens == len(chunks) - 3
        assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens

    async def test_usage_follows_what_was_sent(self, standin: StandIn, client: AsyncOpenAI) -> None:
        standin.reply_with("One, two!")
        answer = await client.chat.completions.create(
            model="m", messages=[{"role": "user", "content": "abcdefgh"}]
        )
        assert answer.usage
        assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (2 + 3 + 3, 4)

    async def test_usage_is_null_until_the_last_chunk(self, http: httpx2.AsyncClient) -> None:
        asked: dict[str, Any] = {**QUESTION, "stream": True}
        asking_usage = {**asked, "stream_options": {"include_usage": True}}
        with_usage = await http.post("chat/completions", json=asking_usage)
        without = await http.post("chat/completions", json=asked)
        assert '"usage": null' in with_usage.text.partition("\n\n")[0]
        assert "usage" not in without.text

    async def test_no_usage_in_a_stream_that_did_not_ask(self, client: AsyncOpenAI) -> None:
        chunks = [chunk async for chunk in stream(client)]
        assert all(chunk.choices and chunk.usage is None for chunk in chunks)

    @pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
    async def test_the_token_limit_cuts_the_answer(
        self, standin: StandIn, client: AsyncOpenAI, name: str
    ) -> None:
        standin.reply_with("One two three.", "One two three.", "One two three.")
        answer = await ask(client, **{name: 2})
        chunks = [chunk async for chunk in stream(client, **{name: 2})]
        assert (answer.choices[0].message.content, answer.choices[0].finish_reason) == ("One two", "length")
        assert "".join(map(said, chunks)) == "One two"
        assert chunks[-1].choices[0].finish_reason == "length"
        assert (await ask(client, **{name: 5})).choices[0].finish_reason == "stop"

    async def test_text_parts_and_unknown_fields_are_taken(self, client: AsyncOpenAI) -> None:
        content: Any = [{"type": "text", "text": "When are you "}, {"type": "text", "text": "open?"}]
        asked: Any = [*messages(), {"role": "user", "content": content}]
        answer = await client.chat.completions.create(model="m", messages=asked, extra_body={"quirk": 1})
        assert answer.choices[0].message.content == "We are open on Mondays."

    @pytest.mark.parametrize(
        ("body", "param"),
        [
            ({"messages": [{"role": "user", "content": "x"}]}, "model"),
            ({"model": "m"}, "messages"),
            ({"model": "m", "messages": []}, "messages"),
            ({"model": "m", "messages": "x"}, "messages"),
            ({"model": "m", "messages": ["x"]}, "messages[0]"),
            ({"model": "m", "messages": [{"role": "king", "content": "x"}]}, "messages[0].role"),
            ({"model": "m", "messages": [{"role": [], "content": "x"}]}, "messages[0].role"),
            ({"model": "m", "messages": [{"role": "user", "content": 5}]}, "messages[0].content"),
            ({"model": "m", "messages": [{"role": "user"}]}, "messages[0].content"),
            (
                {"model": "m", "messages": [{"role": "user", "content": [{"type": "x"}]}]},
                "messages[0].content",
            ),
            ({"model": "m", "messages": [{"role": "user", "content": "x"}], "max_tokens": 0}, "max_tokens"),
            (
                {"model": "m", "messages": [{"role": "user", "content": "x"}], "max_tokens": True},
                "max_tokens",
            ),
            ({"model": "m", "messages": [{"role": "user", "content": "x"}], "stream": "yes"}, "stream"),
            (
                {"model": "m", "messages": [{"role": "user", "content": "x"}], "stream_options": {"x": 1}},
                "stream_options",
            ),
            ([], None),
        ],
    )
    async def test_refuses_what_openai_refuses(
        self, http: httpx2.AsyncClient, body: object, param: str
    ) -> None:
        answer = await http.post("chat/completions", json=body)
        error = answer.json()["error"]
        assert (answer.status_code, error["type"], error["param"]) == (400, "invalid_request_error", param)
        assert set(error) == {"message", "type", "param", "code"}

    async def test_refuses_what_is_no_json(self, http: httpx2.AsyncClient) -> None:
        assert (await http.post("chat/completions", content=b"{")).status_code == 400
        assert (await http.post("chat/completions", content=b"[" * 200_000)).status_code == 400

    async def test_half_a_surrogate_pair_does_no_harm(self, http: httpx2.AsyncClient) -> None:
        body = rb'{"model": "\ud800", "messages": [{"role": "user", "content": "\ud800"}]}'
        assert (await http.post("chat/completions", content=body)).json()["model"] == "?"


class TestOtherCalls:
    """Models, keys, and calls that are not there."""

    async def test_models(self, client: AsyncOpenAI) -> None:
        assert "gpt-6-luna" in [model.id async for model in client.models.list()]

    async def test_a_missing_key_is_401(self, standin: StandIn) -> None:
        async with httpx2.AsyncClient() as http:
            answer = await http.get(f"{standin.base_url}/models")
        assert answer.status_code == 401
        assert answer.json()["error"]["type"] == "invalid_request_error"

    async def test_no_such_call(self, http: httpx2.AsyncClient) -> None:
        answer = await http.post("responses", json={})
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "unknown_url")

    async def test_no_such_method(self, http: httpx2.AsyncClient) -> None:
        assert (await http.get("chat/completions")).status_code == 405
