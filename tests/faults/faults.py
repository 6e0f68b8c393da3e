"""How each fault of docs/faults.md is made: the names here are the first column there.

A fault of `AT_START` is there before the first request, any other after the first turn.
"""

from __future__ import annotations

import asyncio
from copy import copy
from typing import TYPE_CHECKING, Any, TypeAlias

from conversation import Question
from session_id import generate_session_id
from stores.kv_errors import KVError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from conversation import Conversation
    from tests.faults.bench import FaultBench

    Make: TypeAlias = Callable[[FaultBench], Awaitable[None] | None]

REFUSED = KVError("KV PUT failed: 429 Too Many Requests")
TOO_LARGE = KVError("KV PUT failed: 413 Value length of 26214401 exceeds limit of 26214400.")
BROKEN = RuntimeError("secret JsException: KV failed: 500")
ALWAYS = 1000


def kv(operation: Any, error: Exception, times: int = 1) -> Make:
    """KV raises `error`."""
    return lambda bench: bench.kv_faults.fail(operation, error, times)


def switched(**switches: Any) -> Make:
    """KV behaves otherwise."""

    def make(bench: FaultBench) -> None:
        for name, value in switches.items():
            setattr(bench.kv_faults, name, copy(value))

    return make


def openai(**behaviour: Any) -> Make:
    """OpenAI misbehaves."""
    return lambda bench: bench.standin.behave(times=None, **behaviour)


def request(**fields: Any) -> Make:
    """The visitor sends something else."""

    def make(bench: FaultBench) -> None:
        for name, value in fields.items():
            setattr(bench, name, value)

    return make


def asked(**fields: object) -> Make:
    """The question has other fields."""
    return lambda bench: bench.body.update(fields)


def configured(**settings: object) -> Make:
    """A setting is another one."""
    return lambda bench: bench.settings.update(settings)


def delete(*faults: Make) -> Make:
    """The visitor closes the conversation while KV misbehaves."""

    def make(bench: FaultBench) -> None:
        bench.method, bench.path, bench.content = "DELETE", "/session", b""
        bench.headers = {"x-session-id": bench.session_id}
        for fault in faults:
            fault(bench)

    return make


def no_binding(bench: FaultBench) -> None:
    """The namespace is missing from wrangler.toml."""
    bench.kv = None
    bench.settings["ENVIRONMENT"] = "production"


async def closed(bench: FaultBench) -> None:
    """The visitor has closed the conversation."""
    await bench.agent_for({}).sessions.close(bench.session_id)


async def under_way(bench: FaultBench) -> None:
    """The same turn is being answered: the model takes its time."""
    bench.standin.behave(headers_delay=0.2, times=1)
    bench.body["turnId"] = generate_session_id()
    question = Question(bench.session_id, "two", bench.body["turnId"])
    bench.background(_ask(bench.agent_for({}).conversation, question))
    await asyncio.sleep(0.05)


async def _ask(conversation: Conversation, question: Question) -> None:
    await conversation.answer(question)


async def too_many(bench: FaultBench) -> None:
    """The session has called as often as it may."""
    await bench.client.get("/session", headers={"x-session-id": bench.session_id})


async def repeated(bench: FaultBench) -> None:
    """The same turn was answered, and its answer was lost on the way."""
    bench.body["turnId"] = generate_session_id()
    bench.body["turns"] = 1
    await bench.client.post("/chat", json=bench.body)


async def reused(bench: FaultBench) -> None:
    """The turn id was another question's."""
    await repeated(bench)
    bench.body["question"] = "three"


AT_START: dict[str, Make] = {
    "the KV binding is missing in production": no_binding,
    "a setting is wrong": configured(MAX_MESSAGES="9"),
    "there is no key": configured(OPENAI_API_KEY=""),
    "more requests than RATE_LIMIT allows": configured(RATE_LIMIT="2/60"),
    "the conversation has used MAX_SESSION_TOKENS": configured(MAX_SESSION_TOKENS=1),
    "a page of another website, with ALLOWED_ORIGINS set": configured(ALLOWED_ORIGINS="https://shop.example"),
}

FAULTS: dict[str, Make] = {
    **dict.fromkeys(AT_START, lambda _bench: None),
    "more requests than RATE_LIMIT allows": too_many,
    "a page of another website, with ALLOWED_ORIGINS set": request(
        headers={"origin": "https://evil.example"}
    ),
    "a read throws": kv("get", BROKEN),
    "a read hangs": switched(hanging={"get"}),
    "a read returns the value from half a second ago": switched(staleness=2.4),
    "a read returns the value from a minute ago": switched(staleness=60),
    "the value is corrupt": switched(corruption=lambda value: value[:20]),
    "a write is rejected (429) once": switched(refused_puts=1),
    "a write throws once": kv("put", BROKEN),
    "a write hangs": switched(hanging={"put"}),
    "every write is rejected (429)": switched(refused_puts=ALWAYS),
    "the value is too large (413)": kv("put", TOO_LARGE, ALWAYS),
    "closing: a write is rejected (429) once": delete(kv("put", REFUSED)),
    "closing: a write and a delete throw once": delete(kv("put", BROKEN), kv("delete", BROKEN)),
    "closing: KV hangs, then answers again": delete(kv("put", TimeoutError()), kv("delete", TimeoutError())),
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
    "the answer stalls in the middle": openai(reply="one two three four", stall_after=2),
    "the first byte takes too long": openai(headers_delay=5),
    "an empty answer": openai(reply=""),
    "no finish_reason": openai(reply="one two", finish_reason="missing"),
    "a refusal": openai(refusal="I can't help with that."),
    "an answer cut at MAX_OUTPUT_TOKENS": openai(reply="one two", finish_reason="length"),
    "the visitor leaves before the request is complete": request(leave="question"),
    "the visitor leaves before the answer begins": request(leave="waiting"),
    "the visitor leaves after the first piece": request(leave="piece"),
    "the answer was lost in transit, and the turn is sent again": repeated,
    "the turn is sent again while it is being answered": under_way,
    "the turn ID of another question": reused,
    "a closed conversation": closed,
    "a body that is too long": request(content=b" " * 20_000),
    "a body that is not JSON": request(content=b"{"),
    "JSON nested too deeply": request(content=b"[" * 5000),
    "no session ID": asked(sessionId=None),
    "a session ID that is too easy to guess": asked(sessionId="00000000-0000-4000-8000-000000000001"),
    "a question that is too long": asked(question="x" * 2001),
    "an empty question": asked(question=" \n"),
}
