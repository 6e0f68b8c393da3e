"""`POST /v1/chat/completions`: completions as JSON and as a stream."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.openai_standin.asking import QUESTION, ask, content, messages, stream

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI

    from local.standin import StandIn


async def test_completion_as_json(client: AsyncOpenAI) -> None:
    completion = await ask(client, "What's your pricing?")
    assert completion.choices[0].message.content == (
        "We have three tiers: Spark for 3 dollars, Beam for 9 dollars and Sun for 27 dollars."
    )
    assert completion.choices[0].finish_reason == "stop"
    assert (completion.object, completion.model, completion.created) == (
        "chat.completion",
        "m",
        1_800_000_000,
    )


async def test_stream_has_same_answer_and_usage_as_json(client: AsyncOpenAI) -> None:
    completion = await ask(client)
    chunks = [chunk async for chunk in stream(client, stream_options={"include_usage": True})]
    assert "".join(map(content, chunks)) == completion.choices[0].message.content
    assert chunks[0].choices[0].delta.role == "assistant"
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-2:] == [None, "stop"]
    assert chunks[-1].choices == []
    assert completion.usage
    assert chunks[-1].usage == completion.usage
    assert completion.usage.completion_tokens == len(chunks) - 3


async def test_usage_counts_tokens_and_overhead(standin: StandIn, client: AsyncOpenAI) -> None:
    standin.reply_with("One, two!")
    completion = await client.chat.completions.create(
        model="m", messages=[{"role": "user", "content": "abcdefgh"}]
    )
    assert completion.usage
    assert (completion.usage.prompt_tokens, completion.usage.completion_tokens) == (2 + 3 + 3, 4)
    assert completion.usage.total_tokens == 2 + 3 + 3 + 4


async def test_usage_in_stream_only_on_request(http: httpx2.AsyncClient) -> None:
    body: dict[str, Any] = {**QUESTION, "stream": True}
    with_usage = await http.post("chat/completions", json={**body, "stream_options": {"include_usage": True}})
    without = await http.post("chat/completions", json=body)
    assert '"usage": null' in with_usage.text.partition("\n\n")[0]
    assert "usage" not in without.text


@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
async def test_token_limit_cuts_answer(standin: StandIn, client: AsyncOpenAI, name: str) -> None:
    standin.reply_with("One two three.", "One two three.", "One two three.")
    completion = await ask(client, **{name: 2})
    chunks = [chunk async for chunk in stream(client, **{name: 2})]
    assert completion.choices[0].message.content == "One two"
    assert completion.choices[0].finish_reason == "length"
    assert "".join(map(content, chunks)) == "One two"
    assert chunks[-1].choices[0].finish_reason == "length"
    assert (await ask(client, **{name: 5})).choices[0].finish_reason == "stop"


async def test_text_parts_are_joined(client: AsyncOpenAI) -> None:
    parts: Any = [{"type": "text", "text": "When are you "}, {"type": "text", "text": "open?"}]
    prompt: Any = [*messages(), {"role": "user", "content": parts}]
    completion = await client.chat.completions.create(model="m", messages=prompt)
    assert completion.choices[0].message.content == "We are open on Mondays."


async def test_unknown_fields_are_ignored(client: AsyncOpenAI) -> None:
    assert (await ask(client, extra_body={"quirk": 1})).choices[0].finish_reason == "stop"


async def test_lone_surrogate_becomes_question_mark(http: httpx2.AsyncClient) -> None:
    body = rb'{"model": "\ud800", "messages": [{"role": "user", "content": "\ud800"}]}'
    assert (await http.post("chat/completions", content=body)).json()["model"] == "?"
