"""Each fault of the model's server, through the `fetch` transport in Pyodide."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from local.pyodide.worker import PyodideWorker
from tests.pyodide_ring.fresh import fresh_kv
from tests.pyodide_ring.visitor import Visitor
from tests.test_openai_responder import FAULTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from errors import ResponderError
    from local.standin import StandIn

pytestmark = pytest.mark.pyodide
IMPATIENT = {"OPENAI_API_KEY": "sk-ring-2", "OPENAI_TIMEOUT_SECONDS": "1", "OPENAI_MAX_RETRIES": "0"}


@pytest.fixture(scope="module")
def impatient_worker(running_openai: StandIn) -> Iterator[PyodideWorker]:
    """The Worker with a short timeout and no retries."""
    with PyodideWorker.start(env={**IMPATIENT, "OPENAI_BASE_URL": running_openai.base_url}) as worker:
        yield worker


@pytest.fixture
def impatient(impatient_worker: PyodideWorker) -> Iterator[Visitor]:
    """A visitor of that Worker."""
    with fresh_kv(impatient_worker) as worker, Visitor(worker) as visitor:
        yield visitor


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize(("fault", "kind", "code"), FAULTS, ids=[str(fault) for fault, _, _ in FAULTS])
def test_error_for_each_fault_is_the_same_as_on_cpython(
    impatient: Visitor,
    openai: StandIn,
    fault: dict[str, Any],
    kind: type[ResponderError],
    code: str,
    *,
    streamed: bool,
) -> None:
    openai.behave(**fault)
    failed = _ask(impatient, streamed=streamed)
    assert failed["code"] == code
    assert failed["status"] in {200, kind.status}
    assert len(openai.requests) == 1
    assert impatient.stored() == {}


@pytest.mark.parametrize("streamed", [False, True])
def test_answer_beyond_any_limit_is_cut_off(impatient: Visitor, openai: StandIn, *, streamed: bool) -> None:
    openai.behave(reply="word " * 20_000, ignore_max_tokens=True, piece_tokens=100)
    assert _ask(impatient, streamed=streamed)["finishReason"] == "length"


@pytest.mark.parametrize("pieces", [0, 1])
def test_timeout_ends_the_request(impatient: Visitor, openai: StandIn, pieces: int) -> None:
    openai.behave(reply="one two three", stall_after=pieces)
    assert _ask(impatient, streamed=True)["code"] == "responder_timeout"
    assert openai.requests[0].wait_until_over() == "client_left"


def test_answer_that_takes_too_long_ends_the_request(running_openai: StandIn, openai: StandIn) -> None:
    """Whether the headers or the body of the model's response have not arrived in time."""
    env = {"OPENAI_API_KEY": "sk-ring-2", "OPENAI_MAX_RETRIES": "0", "ANSWER_TIMEOUT_SECONDS": "0.5"}
    openai.behave(headers_delay=30)
    openai.behave(reply="one two three", stall_after=0)
    with (
        PyodideWorker.start(env={**env, "OPENAI_BASE_URL": running_openai.base_url}) as worker,
        Visitor(worker) as visitor,
    ):
        for number in range(2):
            assert _ask(visitor, streamed=False)["code"] == "responder_timeout"
            assert openai.requests[number].wait_until_over() == "client_left"
        assert worker.control.errors() == []


def _ask(visitor: Visitor, *, streamed: bool) -> dict[str, Any]:
    """The JSON answer or the body of the error, with the HTTP status of its response."""
    if not streamed:
        response = visitor.ask("What's your pricing?")
        return {**response.json(), "status": response.status_code}
    headers = {"Accept": "text/event-stream"}
    body = {"question": "What's your pricing?", "sessionId": visitor.session_id}
    response = visitor.client.post("/chat", json=body, headers=headers)
    if response.status_code != 200:
        return {**response.json(), "status": response.status_code}
    *_, name, data = response.text.strip().splitlines()
    assert name in {"event: error", "event: done"}
    return {**json.loads(data.removeprefix("data: ")), "status": 200}
