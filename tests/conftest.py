"""Configuration of pytest for all tests."""

from __future__ import annotations

import asyncio
import logging
import signal
from typing import TYPE_CHECKING

import hypothesis
import pytest

from local.standin import StandIn, running_standin
from logs import LOGGER
from tests.clocks import PATIENCE_SECONDS
from tests.isolates import D1Isolate, Isolate
from tests.rings import RingReport

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

# How long an example takes depends on what else the machine is doing.
hypothesis.settings.register_profile("any machine", deadline=None)
hypothesis.settings.load_profile("any machine")

pytest.register_assert_rewrite("tests.contracts", "tests.api", "tests.blackbox.visitor")


def pytest_configure(config: pytest.Config) -> None:
    """Report which rings ran, and make Ctrl-C work in the tests and the processes that they start."""
    # A shell that starts pytest in the background makes it ignore SIGINT, which child processes inherit.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    config.pluginmanager.register(RingReport(), "rings")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let ring 4 run against any deployment."""
    parser.addoption(
        "--base-url",
        help="Run the black-box tests against this URL (http://localhost:8787 for `pywrangler dev`, or a "
        "preview deployment's) instead of starting a local server.",
    )


@pytest.fixture(autouse=True)
def log_level() -> Iterator[None]:
    """Set the level of the agent's log back after each test: commands that run in this process set it."""
    logger = logging.getLogger(LOGGER)
    level = logger.level
    yield
    logger.setLevel(level)


@pytest.fixture
async def isolate() -> AsyncIterator[Isolate]:
    """An isolate that holds no session and has no background work left after the test."""
    made = Isolate()
    yield made
    await _ended(made)


@pytest.fixture
async def d1_isolate() -> AsyncIterator[D1Isolate]:
    """The same on D1."""
    made = D1Isolate()
    yield made
    await _ended(made)


async def _ended(isolate: Isolate) -> None:
    await asyncio.wait_for(isolate.background.drain(), PATIENCE_SECONDS)
    assert (len(isolate.sessions), len(isolate.background)) == (0, 0)


@pytest.fixture(scope="module")
def server() -> Iterator[StandIn]:
    """A running stand-in model, one for all tests of a module."""
    with running_standin() as standin:
        yield standin


@pytest.fixture
def standin(server: StandIn) -> StandIn:
    """The stand-in without recorded requests or faults."""
    server.reset()
    return server
