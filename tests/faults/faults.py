"""How each fault of docs/faults.md is reproduced, by the name in its first column.

A fault in `AT_START` is there before the first request, every other one after the first turn.
"""

from __future__ import annotations

import asyncio
from copy import copy
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, TypeAlias

from amendments import REPLACED
from conversation import Question
from local.standin.chat_request import ChatRequest
from session_id import generate_session_id
from stores.kv_errors import KVError
from tests.faults.account_faults import ACCOUNT_FAULTS
from tests.faults.d1_faults import D1_FAULTS
from tests.faults.scenario import PATIENCE_SECONDS
from tests.identity_tokens import SECRET

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.faults.scenario import Scenario

    Start: TypeAlias = Callable[[Scenario], Awaitable[None] | None]

REFUSED = KVError("KV PUT failed: 429 Too Many Requests")
TOO_LARGE = KVError("KV PUT failed: 413 Value length of 26214401 exceeds limit of 26214400.")
BROKEN = RuntimeError("secret JsException: KV failed: 500")
ALWAYS = 1000
IMPOSSIBLE = """{"model": 7, "usage": {"prompt_tokens": 1e400, "completion_tokens": -5}, \
"choices": [{"message": {"content": "Yes."}, "finish_reason": "stop"}]}"""
# How many calls of delete() a DELETE makes at most, if they fail.
CLOSING_DELETES = 3


def kv(operation: Any, error: Exception, times: int = 1) -> Start:
    """KV raises `error` from its next calls of `operation`."""
    return lambda scenario: scenario.kv_faults.fail(operation, error, times)


def kv_with(**switches: Any) -> Start:
    """KV has these switches of `KVFaults` on."""

    def start(scenario: Scenario) -> None:
        for name, value in switches.items():
            setattr(scenario.kv_faults, name, copy(value))

    return start


def kv_hangs(operation: Any) -> Start:
    """KV never returns from `operation`.

    The timeout may be short: the fake KV's other calls return without suspending, so only hanging ones
    can exceed it.
    """

    def start(scenario: Scenario) -> None:
        scenario.restart(STORAGE_TIMEOUT_SECONDS=0.05)
        scenario.kv_faults.hanging.add(operation)

    return start


def openai(**behaviour: Any) -> Start:
    """OpenAI misbehaves; the fields are those of the stand-in's `Behaviour`."""
    return lambda scenario: scenario.standin.behave(times=None, **behaviour)


def openai_hangs(**behaviour: Any) -> Start:
    """OpenAI misbehaves until it is given up after two seconds, in which everything else has to happen."""

    def start(scenario: Scenario) -> None:
        scenario.restart(OPENAI_TIMEOUT_SECONDS=2)
        scenario.standin.behave(times=None, **behaviour)

    return start


def openai_window(*, missing: int = 0) -> Start:
    """The model takes as many tokens as the first question took, less those that are `missing`."""

    def start(scenario: Scenario) -> None:
        first = ChatRequest.read(scenario.standin.requests[0].body)
        limit = first.prompt_tokens - missing
        scenario.standin.behave(times=None, max_prompt_tokens=limit, reply="Yes.")

    return start


def answer_hangs(**behaviour: Any) -> Start:
    """OpenAI misbehaves for longer than an answer may take."""

    def start(scenario: Scenario) -> None:
        scenario.restart(ANSWER_TIMEOUT_SECONDS=2)
        scenario.standin.behave(times=None, **behaviour)

    return start


def request(**fields: Any) -> Start:
    """The visitor sends a different request; the fields are those of `Scenario`."""

    def start(scenario: Scenario) -> None:
        for name, value in fields.items():
            setattr(scenario, name, value)

    return start


def body(**fields: object) -> Start:
    """The visitor sends a body with these fields changed."""
    return lambda scenario: scenario.body.update(fields)


def settings(**changed: object) -> Start:
    """The isolate starts with these settings changed."""
    return lambda scenario: scenario.settings.update(changed)


def delete(*faults: Start) -> Start:
    """The visitor closes the conversation while KV misbehaves."""

    def start(scenario: Scenario) -> None:
        scenario.method, scenario.path, scenario.content = "DELETE", "/session", b""
        scenario.headers = {"x-session-id": scenario.session_id}
        for fault in faults:
            fault(scenario)

    return start


def turnstile(scenario: Scenario) -> None:
    """The isolate starts with Turnstile."""
    scenario.restart(TURNSTILE_SITE_KEY="key", TURNSTILE_SECRET="s")  # noqa: S106 - made up


def no_binding(scenario: Scenario) -> None:
    """The KV namespace is missing from wrangler.toml."""
    scenario.env = SimpleNamespace()
    scenario.settings["ENVIRONMENT"] = "production"


async def closed(scenario: Scenario) -> None:
    """The visitor has closed the conversation."""
    await scenario.services().sessions.close(scenario.session_id)


async def being_answered(scenario: Scenario) -> None:
    """The turn has been asked, and the model has not answered yet."""
    scenario.body["turnId"] = generate_session_id()
    question = Question(scenario.session_id, "two", scenario.body["turnId"])
    scenario.model.released.clear()

    async def ask() -> None:
        await scenario.services().conversation.answer(question)

    scenario.background(ask())
    await asyncio.wait_for(scenario.model.requested.wait(), PATIENCE_SECONDS)


async def too_many(scenario: Scenario) -> None:
    """The session has made as many requests as it may."""
    await scenario.client.get("/session", headers={"x-session-id": scenario.session_id})


async def answered(scenario: Scenario) -> None:
    """The turn has been answered, and the answer never arrived."""
    scenario.body["turnId"] = generate_session_id()
    await scenario.client.post("/chat", json=scenario.body)


async def answered_differently(scenario: Scenario) -> None:
    """The turn id belongs to another question."""
    await answered(scenario)
    scenario.body["question"] = "three"


async def replaced(scenario: Scenario) -> None:
    """A later question has replaced the turn."""
    await answered(scenario)
    amends = {scenario.body["turnId"]: REPLACED}
    await scenario.services().conversation.answer(
        Question(scenario.session_id, "two and three", amends=amends)
    )


AT_START: dict[str, Start] = {
    "the KV binding is missing in production": no_binding,
    "a setting is wrong": settings(MAX_MESSAGES="9"),
    "IDENTITY_SECRET is set, and D1 is not bound": settings(IDENTITY_SECRET=SECRET),
    "there is no key": settings(OPENAI_API_KEY="", OPENAI_BASE_URL=""),
    "more requests than RATE_LIMIT allows": settings(RATE_LIMIT="2/60"),
    "the conversation has used MAX_SESSION_TOKENS": settings(MAX_SESSION_TOKENS=1),
    "a page of another website, with ALLOWED_ORIGINS set": settings(ALLOWED_ORIGINS="https://shop.example"),
}

FAULTS: dict[str, Start] = {
    **dict.fromkeys(AT_START, lambda _scenario: None),
    "more requests than RATE_LIMIT allows": too_many,
    "a page of another website, with ALLOWED_ORIGINS set": request(
        headers={"origin": "https://evil.example"}
    ),
    "a read throws": kv("get", BROKEN),
    "a read hangs": kv_hangs("get"),
    "a read returns the value from half a second ago": kv_with(staleness=2.4),
    "a read returns the value from a minute ago": kv_with(staleness=60),
    "the value is corrupt": kv_with(corruption=lambda value: value[:20]),
    "a time in the value has no zone": kv_with(corruption=lambda value: value.replace(b'Z"', b'"')),
    "the value is of a later version": kv_with(
        corruption=lambda value: value.replace(b'"version":1', b'"version":2')
    ),
    "a write is rejected (429) once": kv_with(refused_puts=1),
    "a write throws once": kv("put", BROKEN),
    "a write hangs": kv_hangs("put"),
    "every write is rejected (429)": kv_with(refused_puts=ALWAYS),
    "the value is too large (413)": kv("put", TOO_LARGE, ALWAYS),
    "closing: a write is rejected (429) once": delete(kv("put", REFUSED)),
    "closing: a write and the deletes throw": delete(
        kv("put", BROKEN), kv("delete", BROKEN, CLOSING_DELETES)
    ),
    "closing: KV hangs, then answers again": delete(
        kv("put", TimeoutError()), kv("delete", TimeoutError(), CLOSING_DELETES)
    ),
    "closing: a delete throws once": delete(kv("delete", BROKEN)),
    **D1_FAULTS,
    **ACCOUNT_FAULTS,
    "400": openai(status=400),
    "401, a wrong key": openai(status=401),
    "403": openai(status=403),
    "404, no such model": openai(status=404),
    "408": openai(status=408),
    "409": openai(status=409),
    "429 without Retry-After": openai(status=429),
    "429 with Retry-After: 7": openai(status=429, retry_after="7"),
    "500": openai(status=500),
    "503": openai(status=503),
    "HTML instead of JSON": openai(not_json=True),
    "the connection is closed without a response": openai(cut_before_headers=True),
    "the answer is cut off in the middle": openai(reply="one two three four", cut_after=2),
    "the answer is malformed in the middle": openai(reply="one two three four", malformed_after=2),
    "the answer stalls in the middle": openai_hangs(reply="one two three four", stall_after=2),
    "the first byte takes too long": openai_hangs(headers_delay=30),
    "an empty answer": openai(reply=""),
    "no finish_reason": openai(reply="one two", finish_reason="missing"),
    "a content filter refuses the question (400)": openai(status=400, error_code="content_filter"),
    "a content filter stops the answer before it begins": openai(reply="", finish_reason="content_filter"),
    "a content filter cuts the answer off": openai(reply="one two", finish_reason="content_filter"),
    "the conversation is too long for the model": openai_window(),
    "the question alone is too long for the model": openai_window(missing=1),
    "a model without a system role": openai(no_system_role=True),
    "a redirect to another address": openai(redirect="http://127.0.0.1:9/v1/chat/completions"),
    "reasoning in the text": openai(reply="one two", reasoning="Hm."),
    "nothing but reasoning": openai(reply="", reasoning="Hm."),
    "content as a list of parts": openai(reply="one two", content_parts=True),
    "keep-alive comments instead of an answer": openai_hangs(reply="one", stall_after=0, keep_alive=0.3),
    "the answer does not begin within ANSWER_TIMEOUT_SECONDS": answer_hangs(reply="one", first_delay=30),
    "an answer far longer than MAX_OUTPUT_TOKENS": openai(
        reply="word " * 20_000, ignore_max_tokens=True, piece_tokens=100
    ),
    "impossible token counts and an impossible model": openai(exact_body=IMPOSSIBLE),
    "JSON nested 100,000 deep": openai(exact_body="[" * 100_000 + "]" * 100_000),
    "a refusal": openai(refusal="I can't help with that."),
    "an answer cut at MAX_OUTPUT_TOKENS": openai(reply="one two", finish_reason="length"),
    "the visitor leaves before the request is complete": request(leave="question"),
    "the visitor leaves before the answer begins": request(leave="waiting"),
    "the visitor leaves after the first piece": request(leave="piece"),
    "the answer was lost in transit, and the turn is sent again": answered,
    "the turn is sent again while it is being answered": being_answered,
    "the turn ID of another question": answered_differently,
    "a turn that a later question has replaced": replaced,
    "a closed conversation": closed,
    "a body that is too long": request(content=b" " * 20_000),
    "a body that is not JSON": request(content=b"{"),
    "JSON nested too deeply": request(content=b"[" * 5000),
    "no session ID": body(sessionId=None),
    "a session ID that is too easy to guess": body(sessionId="00000000-0000-4000-8000-000000000001"),
    "a question that is too long": body(question="x" * 2001),
    "a visitor whom Turnstile has not checked": turnstile,
    "an empty question": body(question=" \n"),
}
