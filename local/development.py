"""`uv run pytest` on a machine that has only what the agent needs: fetches the rest, then runs the tests.

The first run of the agent installs no development tools. This module stands in for pytest's own command until
they are there.
"""

from __future__ import annotations

import os
import sys

from local.dependency_group import run_with_group

GROUP = "dev"
# A package of the group that comes with no other.
MARKER = "pytest_asyncio"


def pytest() -> None:
    """Run pytest with the arguments of this process, in an environment that has the group `dev`."""
    run_with_group(GROUP, MARKER, ["python", "-m", "pytest", *sys.argv[1:]])
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *sys.argv[1:]])  # noqa: S606 - our own arguments
