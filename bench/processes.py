"""Servers in processes of their own, so that their CPU time can be measured separately."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from local.environment import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its URL and process id."""

    url: str
    pid: int

    def cpu_seconds(self) -> float:
        """Return the CPU time it has used so far (Linux only)."""
        fields = Path(f"/proc/{self.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def running(*command: str) -> Iterator[Server]:
    """Run `python -m COMMAND` until the block ends; its first line has to end with the URL."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")])}
    process = subprocess.Popen(  # noqa: S603 - our own modules
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    lines = cast("IO[str]", process.stdout)
    try:
        words = lines.readline().split()
        if not words:
            message = f"`python -m {' '.join(command)}` exited before it was ready"
            raise RuntimeError(message)
        yield Server(words[-1], process.pid)
    finally:
        process.terminate()
        process.wait()
        lines.close()
