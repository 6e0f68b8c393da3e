"""Each fault of the model's server, met by the Worker's own `fetch` transport in Pyodide."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.pyodide_ring.bench import PyodideBench
from tests.pyodide_ring.visitor import Visitor
from tests.test_openai_responder import FAULTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from errors import ResponderError
    from local.openai_standin import StandIn

pytestmark = pytest.mark.pyodide
IMPATIENT = {"OPENAI_API_KEY": "sk-bench", "OPENAI_TIMEOUT_SECONDS": "0.5", "OPENAI_MAX_RETRIES": "0"}


@pytest.fixture(scope="module")
def impatient_bench(ring_2: None, knowledge_bundle: None, running_openai: StandIn) -> Iterator[PyodideBench]:  # noqa: ARG001 - needed before
    """The Worker with little patience and no second try."""
    bench = PyodideBench.start(env={**IMPATIENT, "OPENAI_BASE_URL": running_openai.base_url})
    yield bench
    bench.stop()


@pytest.fixture
def impatient(impatient_bench: PyodideBench) -> Iterator[Visitor]:
    """A visitor of that Worker."""
    with impatient_bench.fresh() as bench, Visitor(bench) as visitor:
        yield visitor


@pytest.mark.parametrize("streamed", [False, True])
@pytest.mark.parametrize(("fault", "kind", "code"), FAULTS, ids=[str(fault) for fault, _, _ in FAULTS])
def test_every_fault_has_the_same_error_as_on_cpython(
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


@pytest.mark.parametrize("pieces", [0, 1])
def test_an_answer_that_is_given_up_is_ended(impatient: Visitor, openai: StandIn, pieces: int) -> None:
    openai.behave(reply="one two three", stall_after=pieces)
    assert _ask(impatient, streamed=True)["code"] == "responder_timeout"
    assert openai.requests[0].wait_until_over() == "client_left"


def _ask(visitor: Visitor, *, streamed: bool) -> dict[str, Any]:
    """The error of an answer that fails, and the HTTP status it came with."""
    if not streamed:
        response = visitor.ask("What's your pricing?")
        return {**response.json(), "status": response.status_code}
    headers = {"Accept": "text/event-stream"}
    body = {"question": "What's your pricing?", "sessionId": visitor.session_id}
    response = visitor.client.post("/chat", json=body, headers=headers)
    if response.status_code != 200:
        return {**response.json(), "status": response.status_code}
    *_, name, data = response.text.strip().splitlines()
    assert name == "event: error"
    return {**json.loads(data.removeprefix("data: ")), "status": 200}
