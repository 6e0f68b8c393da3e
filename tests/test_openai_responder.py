"""The OpenAI responder over real HTTP, against the stand-in: the reply, and the error for each fault."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from errors import (
    AnswerFiltered,
    NothingSaid,
    PromptTooLong,
    ProviderRefused,
    ResponderBusy,
    ResponderError,
    ResponderTimeout,
)
from models import ConversationMessage, Usage
from prompt import Prompt
from responders.openai_fields import NEWER_FIELDS
from responders.openai_responder import BYTES_PER_TOKEN, OpenAIResponder
from tests.connections import connected

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from local.standin import StandIn
    from models import Role
    from responders.responder import Reply

# Long for a stand-in that answers at once, on a busy machine too, and short for one that never does.
PATIENCE, IMPATIENCE = "30", "2"


def message(role: Role, content: str) -> ConversationMessage:
    return ConversationMessage(role=role, content=content, timestamp=datetime(2026, 11, 23, tzinfo=UTC))


PROMPT = Prompt(
    system="We sell tea. Green tea costs 4 euros. Black tea costs 3 euros.",
    history=(message("user", "What do you sell?"), message("assistant", "We sell tea.")),
    question="What does green tea cost?",
    safety_identifier="f" * 64,
)


@pytest.fixture
def seconds() -> str:
    """The timeout; tests override it."""
    return PATIENCE


@pytest.fixture
async def responder(standin: StandIn, seconds: str) -> AsyncIterator[OpenAIResponder]:
    async with connected(standin.base_url, OPENAI_TIMEOUT_SECONDS=seconds) as connection:
        yield OpenAIResponder(connection, model="gpt-6-luna", max_output_tokens=300, reasoning_effort="none")


async def ask(responder: OpenAIResponder, *, streamed: bool) -> tuple[list[str], Reply]:
    """The pieces that are streamed, none for a whole answer, and the reply."""
    pieces: list[str] = []
    return pieces, await answer_to(responder, PROMPT, pieces.append, streamed=streamed)


async def answer_to(
    responder: OpenAIResponder,
    prompt: Prompt,
    write: Callable[[str], None] = lambda _: None,
    *,
    streamed: bool,
) -> Reply:
    return await (responder.stream(prompt, write) if streamed else responder.answer(prompt))


@pytest.mark.parametrize("streamed", [False, True])
async def test_request(standin: StandIn, responder: OpenAIResponder, *, streamed: bool) -> None:
    await ask(responder, streamed=streamed)
    (request,) = standin.requests
    body: dict[str, Any] = request.body
    assert [(m["role"], m["content"]) for m in body["messages"]] == [
        ("system", PROMPT.system),
        ("user", "What do you sell?"),
        ("assistant", "We sell tea."),
        ("user", "What does green tea cost?"),
    ]
    assert request.headers["authorization"] == "Bearer ***"
    assert (body["model"], body["max_completion_tokens"]) == ("gpt-6-luna", 300)
    assert (body["safety_identifier"], body["reasoning_effort"]) == (PROMPT.safety_identifier, "none")
    assert body.get("stream", False) is streamed


async def test_default_reasoning_effort_is_left_to_the_model(standin: StandIn) -> None:
    async with connected(standin.base_url) as connection:
        responder = OpenAIResponder(connection, model="m", max_output_tokens=16, reasoning_effort="default")
        await ask(responder, streamed=False)
    assert "reasoning_effort" not in standin.requests[0].body


@pytest.mark.parametrize("streamed", [False, True])
async def test_reply(standin: StandIn, responder: OpenAIResponder, *, streamed: bool) -> None:
    standin.reply_with("Green tea costs 4 euros.")
    pieces, reply = await ask(responder, streamed=streamed)
    assert reply.text == "Green tea costs 4 euros."
    assert "".join(pieces) == (reply.text if streamed else "")
    assert len(pieces) > 1 or not streamed
    assert reply.model == "gpt-6-luna"
    assert isinstance(reply.usage, Usage)
    assert reply.usage.input_tokens > reply.usage.output_tokens > 0
    assert reply.finish_reason == "stop"


async def test_pieces_after_the_first_are_written_together(standin: StandIn) -> None:
    standin.behave(reply="Green tea costs 4 euros.", piece_delay=0.01)
    pieces: list[str] = []
    async with connected(standin.base_url) as connection:
        responder = OpenAIResponder(connection, model="m", max_output_tokens=16, batch_seconds=60)
        await responder.stream(PROMPT, pieces.append)
    assert len(pieces) == 2
    assert "".join(pieces) == "Green tea costs 4 euros."


@pytest.mark.parametrize("streamed", [False, True])
async def test_reply_without_usage(standin: StandIn, responder: OpenAIResponder, *, streamed: bool) -> None:
    standin.behave(usage=False)
    _, reply = await ask(responder, streamed=streamed)
    assert reply.usage is None


@pytest.mark.parametrize("streamed", [False, True])
async def test_refusal_is_an_answer(standin: StandIn, responder: OpenAIResponder, *, streamed: bool) -> None:
    standin.behave(refusal="I can't help with that.")
    pieces, reply = await ask(responder, streamed=streamed)
    assert reply.text == "I can't help with that."
    assert "".join(pieces) == (reply.text if streamed else "")


FAULTS: list[tuple[dict[str, Any], type[ResponderError], str]] = [
    *(({"status": s}, ResponderError, "responder_rejected") for s in (400, 409)),
    *(({"status": s}, ProviderRefused, "responder_rejected") for s in (401, 403, 404)),
    ({"status": 400, "error_code": "content_filter"}, AnswerFiltered, "responder_filtered"),
    ({"reply": "", "finish_reason": "content_filter"}, AnswerFiltered, "responder_filtered"),
    ({"redirect": "/v1/models"}, ResponderError, "responder_rejected"),
    ({"exact_body": "[" * 100_000}, ResponderError, "responder_incomplete"),
    ({"reasoning": "Hm.", "reply": ""}, NothingSaid, "responder_empty"),
    ({"status": 408}, ResponderTimeout, "responder_timeout"),
    ({"status": 429}, ResponderBusy, "responder_busy"),
    ({"status": 429, "retry_after": "7"}, ResponderBusy, "responder_busy"),
    ({"status": 500}, ResponderError, "responder_failed"),
    ({"status": 503, "retry_after": "1.5"}, ResponderBusy, "responder_busy"),
    ({"not_json": True}, ResponderError, "responder_incomplete"),
    ({"not_json": True, "status": 502}, ResponderError, "responder_failed"),
    ({"cut_before_headers": True}, ResponderError, "responder_unreachable"),
    ({"cut_after": 1}, ResponderError, "responder_unreachable"),
    ({"malformed_after": 1}, ResponderError, "responder_incomplete"),
    ({"headers_delay": 30}, ResponderTimeout, "responder_timeout"),
    ({"stall_after": 1}, ResponderTimeout, "responder_timeout"),
    ({"reply": ""}, NothingSaid, "responder_empty"),
    ({"finish_reason": "missing"}, ResponderError, "responder_incomplete"),
]
SILENT = ("headers_delay", "stall_after")


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize(
    ("fault", "kind", "code", "seconds"),
    [(*row, IMPATIENCE if any(name in row[0] for name in SILENT) else PATIENCE) for row in FAULTS],
    ids=[str(fault) for fault, _, _ in FAULTS],
)
async def test_error_for_each_fault(
    standin: StandIn,
    responder: OpenAIResponder,
    fault: dict[str, Any],
    kind: type[ResponderError],
    code: str,
    *,
    streamed: bool,
) -> None:
    standin.behave(**fault)
    with pytest.raises(ResponderError) as error:
        await ask(responder, streamed=streamed)
    assert (type(error.value), error.value.code) == (kind, code)
    assert len(standin.requests) == 1


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize(
    "way",
    [
        {"reasoning": "The visitor greets me. [1] <b>"},
        {"reasoning": "Hm.", "reasoning_in": "field"},
        {"reasoning": "Hm.", "reasoning_in": "parts"},
        {"content_parts": True},
        {"bom": True},
        {"line_end": "\r"},
        {"line_end": "\r\n", "write_size": 1},
        {"bom": True, "line_end": "\r", "write_size": 1},
    ],
    ids=str,
)
async def test_answer_is_the_same_in_every_way_of_sending_it(
    standin: StandIn, responder: OpenAIResponder, way: dict[str, Any], *, streamed: bool
) -> None:
    standin.behave(reply="Green tea costs 4 euros.", **way)
    pieces, reply = await ask(responder, streamed=streamed)
    assert reply.text == "Green tea costs 4 euros."
    assert "".join(pieces) == (reply.text if streamed else "")


@pytest.mark.parametrize("streamed", [False, True])
async def test_answer_beyond_any_limit_is_cut_off(
    standin: StandIn, responder: OpenAIResponder, *, streamed: bool
) -> None:
    standin.behave(reply="word " * 200_000, ignore_max_tokens=True, piece_tokens=100)
    pieces, reply = await ask(responder, streamed=streamed)
    assert len(reply.text) == 300 * BYTES_PER_TOKEN
    assert reply.finish_reason == "length"
    assert "".join(pieces) == (reply.text if streamed else "")


async def test_stream_beyond_any_limit_is_left(standin: StandIn, responder: OpenAIResponder) -> None:
    standin.behave(reply="word " * 20_000, ignore_max_tokens=True, piece_tokens=100, stall_after=100)
    await ask(responder, streamed=True)
    assert await asyncio.to_thread(standin.requests[0].wait_until_over) == "client_left"


async def test_endless_reasoning_is_an_empty_answer(standin: StandIn, responder: OpenAIResponder) -> None:
    standin.behave(reply="Four.", reasoning="word " * 3000, reasoning_in="field")
    with pytest.raises(ResponderError) as error:
        await ask(responder, streamed=True)
    assert error.value.code == "responder_empty"


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize("delay", [{"headers_delay": 30}, {"first_delay": 30}], ids=str)
async def test_answer_that_does_not_begin_in_time(
    standin: StandIn, delay: dict[str, Any], *, streamed: bool
) -> None:
    standin.behave(reply="one", **delay)
    async with connected(standin.base_url, OPENAI_TIMEOUT_SECONDS=PATIENCE) as connection:
        responder = OpenAIResponder(connection, model="m", max_output_tokens=300, max_seconds=0.5)
        with pytest.raises(ResponderTimeout):
            await ask(responder, streamed=streamed)


@pytest.mark.parametrize("streamed", [False, True])
async def test_oldest_exchanges_are_left_out_until_the_prompt_fits(
    standin: StandIn, responder: OpenAIResponder, *, streamed: bool
) -> None:
    history = tuple(
        message(role, f"{role} {number} {'word ' * 20}")
        for number in range(1, 6)
        for role in ("user", "assistant")
    )
    standin.behave(times=None, max_prompt_tokens=110, reply="Four.")
    reply = await answer_to(responder, replace(PROMPT, history=history), streamed=streamed)
    assert reply.text == "Four."
    sent = [[m["content"][:6] for m in r.body["messages"][1:-1]] for r in standin.requests]
    assert [len(messages) for messages in sent] == [10, 4, 2]
    assert sent[-1] == ["user 5", "assist"]


@pytest.mark.parametrize("streamed", [False, True])
async def test_question_that_is_too_long_by_itself(
    standin: StandIn, responder: OpenAIResponder, *, streamed: bool
) -> None:
    standin.behave(times=None, max_prompt_tokens=10)
    with pytest.raises(PromptTooLong):
        await ask(responder, streamed=streamed)
    assert [len(request.body["messages"]) for request in standin.requests] == [4, 2]


async def test_error_event_within_a_stream(standin: StandIn, responder: OpenAIResponder) -> None:
    standin.behave(error_after=1)
    with pytest.raises(ResponderError) as error:
        await ask(responder, streamed=True)
    assert error.value.code == "responder_incomplete"


@pytest.mark.parametrize(
    ("sent", "passed_on"), [("7", 7), ("1.5", 2), ("soon", None), ("inf", None), (None, None)]
)
async def test_retry_after_is_passed_on_in_whole_seconds(
    standin: StandIn, responder: OpenAIResponder, sent: str | None, passed_on: int | None
) -> None:
    standin.behave(status=429, retry_after=sent)
    with pytest.raises(ResponderBusy) as error:
        await ask(responder, streamed=False)
    assert error.value.retry_after == passed_on


@pytest.mark.parametrize("streamed", [False, True])
async def test_failed_request_is_retried(standin: StandIn, *, streamed: bool) -> None:
    standin.behave(status=500)
    async with connected(standin.base_url, OPENAI_MAX_RETRIES="1") as connection:
        await ask(OpenAIResponder(connection, model="m", max_output_tokens=16), streamed=streamed)
    assert len(standin.requests) == 2


@pytest.mark.parametrize("streamed", [False, True])
async def test_server_without_newer_fields(
    standin: StandIn, responder: OpenAIResponder, *, streamed: bool
) -> None:
    standin.behave(unknown_fields=tuple(NEWER_FIELDS), times=None)
    await ask(responder, streamed=streamed)
    attempts = len(standin.requests)
    await ask(responder, streamed=streamed)
    assert len(standin.requests) == attempts + 1
    body: dict[str, Any] = standin.requests[-1].body
    assert body["max_tokens"] == 300
    assert not NEWER_FIELDS.keys() & set(body)


async def test_server_without_streaming() -> None:
    choice = {"message": {"content": "Green tea costs 4 euros."}, "finish_reason": "stop"}
    async with connected(lambda _: httpx2.Response(200, json={"choices": [choice]})) as connection:
        responder = OpenAIResponder(connection, model="m", max_output_tokens=16)
        pieces, reply = await ask(responder, streamed=True)
    assert pieces == [reply.text] == ["Green tea costs 4 euros."]


async def test_stream_may_end_with_spaces(standin: StandIn, responder: OpenAIResponder) -> None:
    event = '{"choices": [{"delta": {"content": "Four."}, "finish_reason": "stop"}]}'
    standin.behave(on="chat", exact_body=f"{event}\n\ndata:  [DONE] ")
    pieces, reply = await ask(responder, streamed=True)
    assert (pieces, reply.text) == (["Four."], "Four.")


def cached(system: object) -> list[dict[str, object]]:
    """The parts of a system message that are marked to be cached."""
    parts = system if isinstance(system, list) else []
    return [part for part in parts if part.get("prompt_cache_breakpoint") == {"mode": "explicit"}]


@pytest.mark.parametrize(
    ("model", "base_url", "has_key", "has_breakpoint"),
    [
        ("gpt-6-luna", "https://api.openai.com/v1", True, True),
        ("gpt-5.6-mini", "https://api.openai.com/v1", True, True),
        ("gpt-5.2", "https://api.openai.com/v1", True, False),
        ("gpt-4o-mini", "https://api.openai.com/v1", True, False),
        ("gpt-6-luna", "https://llm.example/v1", False, False),
    ],
)
async def test_openai_is_told_what_to_cache(
    model: str, base_url: str, *, has_key: bool, has_breakpoint: bool
) -> None:
    bodies: list[dict[str, Any]] = []

    def server(request: httpx2.Request) -> httpx2.Response:
        bodies.append(json.loads(request.content))
        choice = {"message": {"content": "Four euros."}, "finish_reason": "stop"}
        return httpx2.Response(200, json={"choices": [choice]})

    prompt = Prompt("Knowledge.\n\nNow.", [], "Tea?", "x", unchanging=10, cache_key="k")
    async with connected(server, OPENAI_BASE_URL=base_url) as connection:
        await OpenAIResponder(connection, model=model, max_output_tokens=16).answer(prompt)
    system = bodies[0]["messages"][0]["content"]
    assert (bodies[0].get("prompt_cache_key") == "k") is has_key
    assert [part["text"] for part in cached(system)] == ["Knowledge."] * has_breakpoint
    text = system if isinstance(system, str) else "".join(part["text"] for part in system)
    assert text == "Knowledge.\n\nNow."
