"""What all tests share."""

from __future__ import annotations

import signal

import pytest

from tests.rings import RingReport

pytest.register_assert_rewrite("tests.contracts", "tests.api", "tests.blackbox.visitor")


def pytest_configure(config: pytest.Config) -> None:
    """Report which rings ran, and let Ctrl-C mean what it means, here and in what tests start."""
    # A shell that starts us in the background has had it ignored, and that is inherited.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    config.pluginmanager.register(RingReport(), "rings")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let ring 4 run against any deployment."""
    parser.addoption(
        "--base-url",
        help="Run the black-box tests against this URL (http://localhost:8787 of `pywrangler dev`, or a "
        "deployed preview), instead of a local server that they start.",
    )
