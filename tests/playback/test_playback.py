"""The widget's playback, run under Node.js on a fake clock: see `room.mjs`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.node_tests import node_test_files, run_node_tests


@pytest.mark.parametrize("file", node_test_files(Path(__file__).parent), ids=lambda file: file.name)
def test_playback(file: Path) -> None:
    run_node_tests(file)
