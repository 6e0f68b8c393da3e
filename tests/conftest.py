"""Configuration of pytest for all tests."""

from __future__ import annotations

import signal

import pytest

from tests.rings import RingReport

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
