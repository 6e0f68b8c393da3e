"""Servers in processes of their own, so that what they use can be told apart."""

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
    """A server that is ready: where it is, and the id of its process."""

    url: str
    pid: int

    def cpu_seconds(self) -> float:
        """CPU that it has used so far, as Linux counts it."""
        fields = Path(f"/proc/{self.pid}/stat").read_text("utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def running(*command: str) -> Iterator[Server]:
    """Run `python -m` with `command` until the block ends; the URL is the last word of its first line."""
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
            message = f"`python -m {' '.join(command)}` ended before it was ready"
            raise RuntimeError(message)
        yield Server(words[-1], process.pid)
    finally:
        process.terminate()
        process.wait()
        lines.close()
