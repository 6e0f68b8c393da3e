"""The types of the widget: of its sources, and those that pages are given."""

from __future__ import annotations

import subprocess

from local.environment import ROOT
from local.node_tools import Unavailable, node_tools
from tests.rings import cannot_run


def test_type_check() -> None:
    """Strictly, and `check-types.ts` compares `voice-agent.d.ts` with the sources."""
    try:
        tools = node_tools()
    except Unavailable as error:
        cannot_run(str(error))
    tsc = tools.modules / "typescript" / "bin" / "tsc"
    checked = subprocess.run(
        [tools.node, tsc, "--project", ROOT], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout
