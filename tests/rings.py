"""The four rings of tests: which ring a test belongs to, and a summary of the rings that ran.

Tests in ring 1 (CPython) have no marker; the others are marked `pyodide`, `browser` or `blackbox`.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING, NoReturn

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

RINGS = {"cpython": "1 CPython", "pyodide": "2 Pyodide", "browser": "3 browser", "blackbox": "4 black box"}
_RING = "ring"
# A page's timers and the test's compete for the machine's cores, so a failed browser test is tried once more.
# The summary lists it as `RERUN`: a test that is listed again and again is to be mended.
BROWSER_RERUNS = 1


def cannot_run(reason: str) -> NoReturn:
    """Skip a test that cannot run on this machine; `reason` says why and what to install.

    With CI=true it fails instead, so that a ring that did not run does not look like one that passed.
    """
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


class RingReport:
    """A pytest plugin that counts and prints the results of each ring."""

    def __init__(self) -> None:
        self._counts: dict[str, Counter[str]] = {ring: Counter() for ring in RINGS}
        self._reasons: dict[str, str] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Record the ring of each test, and sort tests by ring: the fast ones first."""
        order = list(RINGS)
        for item in items:
            item.user_properties.append((_RING, _ring_of(item)))
            if _ring_of(item) == "browser":
                item.add_marker(pytest.mark.flaky(reruns=BROWSER_RERUNS))
        items.sort(key=lambda item: order.index(_ring_of(item)))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a test by its call, or by its setup if that did not succeed."""
        ring = str(dict(report.user_properties)[_RING])
        if report.skipped and isinstance(report.longrepr, tuple):
            self._reasons.setdefault(ring, report.longrepr[2].removeprefix("Skipped: "))
        if report.when == "call" or report.outcome != "passed":
            self._counts[ring][report.outcome] += 1

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print a line for each ring."""
        terminalreporter.section("rings")
        for line in self.lines():
            terminalreporter.write_line(line)

    def lines(self) -> Iterator[str]:
        """Yield a line for each ring: its results, or why it could not run."""
        for ring, name in RINGS.items():
            counts = self._counts[ring]
            if not counts:
                yield f"ring {name}: no tests selected"
            elif set(counts) == {"skipped"}:
                yield f"ring {name}: CANNOT RUN: {self._reasons[ring]}"
            else:
                yield f"ring {name}: {', '.join(f'{counts[o]} {o}' for o in sorted(counts))}"


def _ring_of(item: pytest.Item) -> str:
    return next((ring for ring in RINGS if item.get_closest_marker(ring)), "cpython")
