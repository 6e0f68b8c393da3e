"""The OpenAI responder over real HTTP, against the stand-in: what is sent, and what each fault becomes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from errors import ResponderBusy, ResponderError, ResponderTimeout
from local.openai_standin import StandIn, running_standin
from models import ConversationMessage, Usage
from prompt import Prompt
from responders.openai_client import openai_client
from responders.openai_client import retry_after as seconds_to_wait
from responders.openai_responder import NEWER_FIELDS, OpenAIResponder
from responders.openai_wire import Answer
from settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from models import Role
    from responders.responder import Reply


def said(role: Role, content: str) -> ConversationMessage:
    return ConversationMessage(role=role, content=content, timestamp=datetime(2026, 11, 23, tzinfo=UTC))


PROMPT = Prompt(
    system="We sell tea. Green tea costs 4 euros. Black tea costs 3 euros.",
    history=(said("user", "What do you sell?"), said("assistant", "We sell tea.")),
    question="What does green tea cost?",
    safety_identifier="f" * 64,
)


@pytest.fixture(scope="module")
def server() -> Iterator[StandIn]:
    with running_standin() as standin:
        yield standin


@pytest.fixture
def standin(server: StandIn) -> StandIn:
    server.reset()
    return server


@pytest.fixture
async def responder(
    standin: StandIn, transport: httpx2.AsyncBaseTransport | None
) -> AsyncIterator[OpenAIResponder]:
    settings = Settings.read(
        {
            "OPENAI_API_KEY": "sk-test",
            "OPENAI_BASE_URL": standin.base_url,
            "OPENAI_TIMEOUT_SECONDS": "1",
            "OPENAI_MAX_RETRIES": "0",
        }.get
    )
    async with openai_client(settings, transport) as client:
        yield OpenAIResponder(client, model="gpt-6-luna", max_output_tokens=300, reasoning_effort="none")


async def answer(responder: OpenAIResponder, *, streamed: bool) -> tuple[list[str], Reply]:
    pieces: list[str] = []
    if streamed:
        return pieces, await responder.stream(PROMPT, pieces.append)
    reply = await responder.answer(PROMPT)
    return [reply.text], reply


async def test_the_server_is_not_told_what_machine_this_is(
    responder: OpenAIResponder, standin: StandIn
) -> None:
    await answer(responder, streamed=False)
    sent = standin.requests[0].headers
    assert sent["authorization"] == "Bearer ***"
    assert not [name for name in sent if name.startswith("x-stainless")]


async def test_the_client_waits_as_long_as_is_set() -> None:
    settings = Settings.read({"OPENAI_API_KEY": "sk-test", "OPENAI_TIMEOUT_SECONDS": "7"}.get)
    async with openai_client(settings) as client:
        assert client.timeout == httpx2.Timeout(7)


@pytest.mark.parametrize("streamed", [False, True])
async def test_sends_system_then_history_then_question(
    standin: StandIn, responder: OpenAIResponder, *, streamed: bool
) -> None:
    await answer(responder, streamed=streamed)
    (request,) = standin.requests
    body: dict[str, Any] = request.body
    assert [(m["role"], m["content"]) for m in body["messages"]] == [
        ("system", PROMPT.system),
        ("user", "What do you sell?"),
        ("assistant", "We sell tea."),
        ("user", "What does green tea cost?"),
    ]
    assert (body["model"], body["max_completion_tokens"]) == ("gpt-6-luna", 300)
    assert (body["safety_identifier"], body["reasoning_effort"]) == (PROMPT.safety_identifier, "none")
    assert body.get("stream", False) is streamed


@pytest.mark.parametrize("streamed", [False, True])
async def test_gives_the_text_and_the_record(
    standin: StandIn, responder: OpenAIResponder, *, streamed: bool
) -> None:
    standin.reply_with("Green tea costs 4 euros.")
    pieces, reply = await answer(responder, streamed=streamed)
    assert "".join(pieces) == reply.text == "Green tea costs 4 euros."
    assert len(pieces) == 1 or streamed
    assert len(pieces) > 1 or not streamed
    assert reply.model == "gpt-6-luna"
    assert isinstance(reply.usage, Usage)
    assert reply.usage.input_tokens > reply.usage.output_tokens > 0
    assert reply.finish_reason == "stop"


@pytest.mark.parametrize("streamed", [False, True])
async def test_a_server_that_counts_no_tokens(
    standin: StandIn, responder: OpenAIResponder, *, streamed: bool
) -> None:
    standin.behave(usage=False)
    _, reply = await answer(responder, streamed=streamed)
    assert reply.usage is None


@pytest.mark.parametrize("streamed", [False, True])
async def test_a_refusal_is_an_answer(
    standin: StandIn, responder: OpenAIResponder, *, streamed: bool
) -> None:
    standin.behave(refusal="I can't help with that.")
    pieces, reply = await answer(responder, streamed=streamed)
    assert "".join(pieces) == reply.text == "I can't help with that."


FAULTS: list[tuple[dict[str, Any], type[ResponderError], str]] = [
    *(({"status": s}, ResponderError, "responder_rejected") for s in (400, 401, 403, 404, 409)),
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
    ({"reply": ""}, ResponderError, "responder_empty"),
    ({"finish_reason": "missing"}, ResponderError, "responder_incomplete"),
]


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize(("fault", "kind", "code"), FAULTS, ids=[str(fault) for fault, _, _ in FAULTS])
async def test_every_fault_has_an_error(
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
        await answer(responder, streamed=streamed)
    assert (type(error.value), error.value.code) == (kind, code)
    assert len(standin.requests) == 1


async def test_an_error_within_a_stream(standin: StandIn, responder: OpenAIResponder) -> None:
    standin.behave(error_after=1)
    with pytest.raises(ResponderError) as error:
        await answer(responder, streamed=True)
    assert error.value.code == "responder_incomplete"


@pytest.mark.parametrize(
    ("sent", "given"), [("7", 7), ("1.5", 2), ("soon", None), ("inf", None), (None, None)]
)
async def test_hands_retry_after_on(
    standin: StandIn, responder: OpenAIResponder, sent: str | None, given: int | None
) -> None:
    standin.behave(status=429, retry_after=sent)
    with pytest.raises(ResponderBusy) as error:
        await answer(responder, streamed=False)
    assert error.value.retry_after == given


async def test_a_dead_server(standin: StandIn) -> None:
    settings = Settings.read(
        {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "OPENAI_MAX_RETRIES": "0"}.get
    )
    async with openai_client(settings) as client:
        with pytest.raises(ResponderError) as error:
            await answer(OpenAIResponder(client, model="m", max_output_tokens=16), streamed=False)
    assert error.value.code == "responder_unreachable"
    assert standin.requests == ()


@pytest.mark.parametrize(("wait", "requests"), [(None, 2), ("1", 2), ("30", 1), ("a date", 1)])
async def test_retries_as_long_as_a_visitor_waits(
    standin: StandIn, transport: httpx2.AsyncBaseTransport | None, wait: str | None, requests: int
) -> None:
    in_a_while = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    retry_after = in_a_while if wait == "a date" else wait
    settings = Settings.read({"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": standin.base_url}.get)
    standin.behave(status=429, retry_after=retry_after, times=None)
    async with openai_client(settings, transport) as client:
        with pytest.raises(ResponderBusy):
            await answer(OpenAIResponder(client, model="m", max_output_tokens=16), streamed=False)
    assert len(standin.requests) == requests


@pytest.mark.parametrize("streamed", [False, True])
async def test_a_server_that_does_not_know_newer_fields_is_asked_without(
    standin: StandIn, responder: OpenAIResponder, *, streamed: bool
) -> None:
    standin.behave(unknown_fields=tuple(NEWER_FIELDS), times=None)
    await answer(responder, streamed=streamed)
    asked = len(standin.requests)
    await answer(responder, streamed=streamed)
    assert len(standin.requests) == asked + 1  # it has learned
    body: dict[str, Any] = standin.requests[-1].body
    assert body["max_tokens"] == 300
    assert not NEWER_FIELDS.keys() & set(body)


async def test_a_server_that_knows_no_streams_may_answer_whole() -> None:
    choice = {"message": {"content": "Green tea costs 4 euros."}, "finish_reason": "stop"}

    def answer_whole(_: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, json={"choices": [choice]})

    settings = Settings.read({"OPENAI_API_KEY": "k"}.get)
    async with openai_client(settings, httpx2.MockTransport(answer_whole)) as client:
        pieces, reply = await answer(OpenAIResponder(client, model="m", max_output_tokens=16), streamed=True)
    assert pieces == [reply.text] == ["Green tea costs 4 euros."]


async def test_how_long_to_think_can_be_left_to_the_model(standin: StandIn) -> None:
    settings = Settings.read({"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": standin.base_url}.get)
    async with openai_client(settings) as client:
        responder = OpenAIResponder(client, model="m", max_output_tokens=16, reasoning_effort="default")
        await answer(responder, streamed=False)
    assert "reasoning_effort" not in standin.requests[0].body


def test_obeys_milliseconds_first_as_the_package_does() -> None:
    headers = {"retry-after": "1", "retry-after-ms": "8000"}
    assert seconds_to_wait(httpx2.Response(429, headers=headers)) == 8


def test_half_a_character_is_replaced() -> None:
    said = Answer("m")
    said.add(rb'{"choices": [{"delta": {"content": "hi \ud83d there"}, "finish_reason": "stop"}]}')
    assert said.reply().text == "hi \ufffd there"
