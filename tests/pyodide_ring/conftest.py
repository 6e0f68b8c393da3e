"""Fixtures of ring 2: one bench for each set of settings, started when a test first asks for it."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from local.environment import ROOT
from local.node_tools import Unavailable, node_tools
from local.pyodide.vendor import vendored_modules
from local.pyodide.worker import PyodideWorker
from local.standin import StandIn, running_standin
from tests.pyodide_ring.fresh import fresh_kv
from tests.pyodide_ring.visitor import Visitor
from tests.rings import cannot_run

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def ring_2() -> None:
    """What the bench needs, fetched once."""
    try:
        vendored_modules()
        node_tools()
    except Unavailable as reason:
        cannot_run(str(reason))


@pytest.fixture(scope="session")
def knowledge_bundle() -> None:
    """The module src/knowledge_bundle.py, made from knowledge/ as a deployment makes it."""
    command = [sys.executable, str(ROOT / "local" / "bundle_knowledge.py")]
    subprocess.run(command, cwd=ROOT, check=True)


@pytest.fixture(scope="session")
def running_openai() -> Iterator[StandIn]:
    """The stand-in for OpenAI, on loopback."""
    with running_standin() as standin:
        yield standin


@pytest.fixture(scope="session")
def openai_bench(ring_2: None, knowledge_bundle: None, running_openai: StandIn) -> Iterator[PyodideWorker]:  # noqa: ARG001 - needed before
    """The Worker with a key for the stand-in."""
    env = {"OPENAI_API_KEY": "sk-bench", "OPENAI_BASE_URL": running_openai.base_url}
    bench = PyodideWorker.start(env=env)
    yield bench
    bench.stop()


@pytest.fixture(scope="session")
def offline_bench(ring_2: None, knowledge_bundle: None) -> Iterator[PyodideWorker]:  # noqa: ARG001 - needed before
    """The Worker without a key."""
    bench = PyodideWorker.start(env={})
    yield bench
    bench.stop()


@pytest.fixture
def openai(running_openai: StandIn) -> StandIn:
    """The stand-in with an empty record, behaving well."""
    running_openai.reset()
    return running_openai


@pytest.fixture
def bench(openai_bench: PyodideWorker) -> Iterator[PyodideWorker]:
    """The Worker with a key and an empty KV namespace."""
    with fresh_kv(openai_bench) as bench:
        yield bench


@pytest.fixture
def visitor(bench: PyodideWorker) -> Iterator[Visitor]:
    """A visitor who has said nothing yet."""
    with Visitor(bench) as visitor:
        yield visitor


@pytest.fixture
def offline_visitor(offline_bench: PyodideWorker) -> Iterator[Visitor]:
    """A visitor of the Worker without a key."""
    with fresh_kv(offline_bench) as bench, Visitor(bench) as visitor:
        yield visitor
