"""What all tests share."""

from __future__ import annotations

import pytest

from tests.rings import RingReport

pytest.register_assert_rewrite("tests.contracts", "tests.api", "tests.blackbox.visitor")


def pytest_configure(config: pytest.Config) -> None:
    """Report which rings ran."""
    config.pluginmanager.register(RingReport(), "rings")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let ring 4 run against any deployment."""
    parser.addoption(
        "--base-url",
        help="Run the black-box tests against this URL (http://localhost:8787 of `pywrangler dev`, or a "
        "deployed preview), instead of a local server that they start.",
    )
