"""Fixtures of ring 4: a base URL, given with `--base-url` or of a local server, and a visitor."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import httpx2
import pytest

from local.environment import ROOT
from tests.blackbox.patience import PatientTransport
from tests.blackbox.visitor import Visitor

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator
    from pathlib import Path

READY = "Ready on "
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
# Workers KV allows one write a second to a key.
WRITE_SECONDS = 1.1


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the tests of the local server when another one is given."""
    return True if collection_path.name == "test_local.py" and config.getoption("--base-url") else None


@pytest.fixture(scope="session")
def base_url(pytestconfig: pytest.Config) -> Iterator[str]:
    """The URL of the agent under test."""
    given = pytestconfig.getoption("--base-url")
    if given:
        yield given.rstrip("/")
        return
    with local_server() as url:
        yield url


class local_server:  # noqa: N801 - used as a context manager, like a function
    """`voice-agent dev` on a free port in a process of its own, without a key, so that the demo answers.

    `arguments` are more of the command line's, and `settings` more variables.
    """

    def __init__(self, *arguments: str, **settings: str) -> None:
        self._arguments, self._settings = arguments, settings

    def __enter__(self) -> str:
        """Start the server and return its URL."""
        environ = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")}
        command = "from local.cli import main; main()"
        self._process = subprocess.Popen(
            [sys.executable, "-c", command, "dev", "--port", "0", *self._arguments],
            cwd=ROOT,
            env={**environ, "OPENAI_API_KEY": "", **self._settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for line in self._process.stdout or ():
            if line.startswith(READY):
                return line.removeprefix(READY).strip()
        raise RuntimeError(f"The local server exited with status {self._process.wait()}")

    def __exit__(self, *_: object) -> None:
        """Stop the server."""
        self._process.terminate()
        self._process.wait(timeout=10)
        if self._process.stdout:
            self._process.stdout.close()


@pytest.fixture
async def visitor(base_url: str) -> AsyncIterator[Visitor]:
    """A visitor with a new session, who keeps to the limits of KV and of the deployment."""
    pause = 0.0 if urlsplit(base_url).hostname in LOOPBACK else WRITE_SECONDS
    async with httpx2.AsyncClient(
        base_url=f"{base_url}/api/voice-agent", timeout=60, transport=PatientTransport()
    ) as client:
        yield Visitor(client, lambda: asyncio.sleep(pause))
