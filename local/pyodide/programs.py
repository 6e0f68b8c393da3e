"""Node.js programs that run until their standard input is closed."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from local.node_tools import node_tools

if TYPE_CHECKING:
    from pathlib import Path

STOP_SECONDS = 10


def spawn(program: Path, *arguments: str, stderr: int | None = subprocess.PIPE) -> subprocess.Popen[str]:
    """Start `program`; `stderr` is as for `Popen`. Raises `node_tools.Unavailable` if a tool is missing."""
    tools = node_tools()
    return subprocess.Popen(  # noqa: S603 - our own program
        [str(tools.node), str(program), *arguments],
        env=tools.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        encoding="utf-8",
    )


def stop(process: subprocess.Popen[str]) -> None:
    """End the program, and wait until it has ended."""
    if process.stdin:
        process.stdin.close()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    if process.stdout:
        process.stdout.close()
