"""Fixtures of ring 2: one Worker for each set of settings, started on first use."""

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


@pytest.fixture(scope="session", autouse=True)
def ring_2() -> None:
    """Fetch the packages that a Worker in Pyodide needs, or skip the ring, and bundle the knowledge."""
    try:
        vendored_modules()
        node_tools()
    except Unavailable as reason:
        cannot_run(str(reason))
    subprocess.run([sys.executable, str(ROOT / "local" / "bundle_knowledge.py")], cwd=ROOT, check=True)


@pytest.fixture(scope="session")
def running_openai() -> Iterator[StandIn]:
    """The stand-in for OpenAI."""
    with running_standin() as standin:
        yield standin


@pytest.fixture(scope="session")
def openai_worker(running_openai: StandIn) -> Iterator[PyodideWorker]:
    """The Worker with a key for the stand-in."""
    env = {
        "OPENAI_API_KEY": "sk-ring-2",
        "OPENAI_BASE_URL": running_openai.base_url,
        "RECORDING_BUDGET": "off",  # all visitors of the ring are one client
        "SPEECH_BUDGET": "off",
        "TIMEZONE": "Asia/Kolkata",  # five and a half hours before UTC, all year
    }
    with PyodideWorker.start(env=env) as worker:
        yield worker


@pytest.fixture(scope="session")
def offline_worker() -> Iterator[PyodideWorker]:
    """The Worker without a key."""
    with PyodideWorker.start(env={}) as worker:
        yield worker


@pytest.fixture
def openai(running_openai: StandIn) -> StandIn:
    """The stand-in without recorded requests or faults."""
    running_openai.reset()
    return running_openai


@pytest.fixture
def worker(openai_worker: PyodideWorker) -> Iterator[PyodideWorker]:
    """The Worker with a key and an empty KV namespace."""
    with fresh_kv(openai_worker) as worker:
        yield worker


@pytest.fixture
def visitor(worker: PyodideWorker) -> Iterator[Visitor]:
    """A visitor who has not asked anything yet."""
    with Visitor(worker) as visitor:
        yield visitor


@pytest.fixture
def offline_visitor(offline_worker: PyodideWorker) -> Iterator[Visitor]:
    """A visitor of the Worker without a key."""
    with fresh_kv(offline_worker) as worker, Visitor(worker) as visitor:
        yield visitor
