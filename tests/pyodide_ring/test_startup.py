"""Start-up code that needs randomness keeps the Worker from starting, as in the runtime."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx2
import pytest

from bench.isolate import running_isolate
from local.pyodide.worker import SOURCES, PyodideWorker, StartupFailed
from tests.pyodide_ring.entries import ENTRIES

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.pyodide
NOT_ALLOWED = "Randomness is not allowed while a Worker is starting"
REFUSAL = f"OSError: [Errno 29] {NOT_ALLOWED}"


@pytest.fixture(scope="module")
def probed() -> Iterator[dict[str, Any]]:
    worker = PyodideWorker.start(env={}, entry="probe", folders=[ENTRIES])
    yield httpx2.get(worker.base_url, trust_env=False).json() | {"asked": worker.control.randomness()}
    worker.stop()


def test_worker_needs_no_randomness_of_its_own_to_start(worker: PyodideWorker) -> None:
    asked = worker.control.randomness()
    assert not [call for call in asked if not call["granted"]]
    modules = {call["asking"].partition(".")[0] for call in asked}
    assert "openai" in modules
    assert not modules & {path.stem for path in SOURCES.iterdir()}


def test_worker_starts_without_a_failed_warm_up(worker: PyodideWorker) -> None:
    assert not [line for line in worker.log() if "warm-up" in line]


def test_first_request_builds_only_what_needs_the_deployment() -> None:
    with running_isolate() as isolate:
        first = isolate.measure("first_request")
    # The settings with everything that is built from them, the methods of the KV binding, the website's time,
    # and the words of this answer.
    known = {
        "api/middleware.py CrossOrigin._configure",
        "workers/rpc.py _BindingWrapper.__getattr__",
        "edge/time_zone.py _offset",
        "citations/sources.py _words",
    }
    assert first["json"]["built"].keys() == known
    assert first["stream"]["built"].keys() == {"citations/sources.py _words"}
    assert first["json"]["modules"] == first["stream"]["modules"] == []


def test_worker_that_needs_randomness_does_not_start() -> None:
    with pytest.raises(StartupFailed, match="in <module>") as failure:
        PyodideWorker.start(env={}, entry="draws_at_startup", folders=[ENTRIES])
    assert str(failure.value).rstrip().endswith(REFUSAL)
    assert {"asking": "draws_at_startup", "granted": False} in failure.value.randomness


@pytest.mark.parametrize(
    ("way", "refusal"),
    [
        ("os.urandom", REFUSAL),
        ("secrets.token_hex", REFUSAL),
        ("uuid.uuid4", REFUSAL),
        ("random.Random", REFUSAL),
        ("random.SystemRandom", REFUSAL),
        ("random.random", "RuntimeError: Cannot use random.random() outside of request context"),
        ("random.seed", "RuntimeError: Cannot use random.seed() outside of request context"),
        ("random.choice", "RuntimeError: Cannot use random.choice() outside of request context"),
        ("/dev/urandom", "OSError: [Errno 29]"),
        ("crypto.randomUUID", "JsException: Error: Disallowed operation called within global scope"),
    ],
)
def test_randomness_is_refused_at_start_up_and_allowed_in_a_request(
    probed: dict[str, Any], way: str, refusal: str
) -> None:
    assert probed["startup"][way].startswith(refusal)
    first, second = probed["request"]
    assert "Error" not in first[way]
    assert way in {"random.seed", "random.choice"} or first[way] != second[way]


def test_allowed_calls_are_limited(probed: dict[str, Any]) -> None:
    assert probed["budgets"] == {
        "as many as allowed": "['2b2b2b2b', '2b2b2b2b']",
        "more than allowed": REFUSAL,
        "fewer than allowed": "RuntimeError: 1 unexpected leftover getentropy calls",
        "an explicit seed": "0.32383276483316237",
    }


def test_report_names_the_module_that_asked(probed: dict[str, Any]) -> None:
    assert {"asking": "probe", "granted": False} in probed["asked"]
    assert {"asking": "crypto.randomUUID", "granted": False} in probed["asked"]
