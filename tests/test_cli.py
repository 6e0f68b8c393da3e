"""The command line: what it prints when it starts, and when it cannot."""

from __future__ import annotations

import contextlib
import re
import shlex
import shutil
import socket
import sys
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from local.bundle_knowledge import CONVERT
from local.chromium import NoChromium
from local.cli import cli
from local.screenshots import screenshots
from settings import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Overrides what the developer's own shell may set.
SHELL = {"ENVIRONMENT": "", "LOG_LEVEL": "", "OPENAI_API_KEY": ""}


@pytest.mark.parametrize("command", ["dev", "openai-standin"])
def test_port_in_use(command: str) -> None:
    with two_taken_ports() as port:
        result = CliRunner().invoke(cli, [command, "--port", str(port)], env=SHELL)
    assert result.exit_code == 1
    assert f"Cannot listen on 127.0.0.1:{port}: Address already in use. Try" in result.stderr
    found = re.search(rf" Try another port: uv run voice-agent {command} --port (\d+)\n$", result.stderr)
    assert found
    assert int(found[1]) not in {port, port + 1}


def test_port_in_use_keeps_the_other_options(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Tea costs 4 euros.")
    options = ["--allow-host", "a.example", "--allow-host", "b.example", "--knowledge", str(tmp_path)]
    with two_taken_ports() as port:
        result = CliRunner().invoke(cli, ["dev", *options, "--port", str(port)], env=SHELL)
    pasted = shlex.split(result.stderr.partition("Try another port: ")[2])
    assert pasted[:4] == ["uv", "run", "voice-agent", "dev"]
    assert set(options) <= set(pasted)
    assert pasted.count("--allow-host") == 2


@contextlib.contextmanager
def two_taken_ports() -> Iterator[int]:
    """The first of two ports in a row that are in use."""
    while True:
        with contextlib.ExitStack() as stack, contextlib.suppress(OSError, OverflowError):
            first = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            port: int = first.getsockname()[1]
            stack.enter_context(socket.create_server(("127.0.0.1", port + 1)))
            yield port
            return


def test_version() -> None:
    result = CliRunner().invoke(cli, ["--version"])
    assert (result.exit_code, result.stdout) == (0, f"voice-agent {VERSION}\n")


def test_knowledge_is_reported_at_startup(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Tea\n\nGreen tea costs 4 euros.\n")
    (tmp_path / "prices.pdf").write_text("%PDF")
    result = CliRunner().invoke(cli, ["chat", "--knowledge", str(tmp_path)], env=SHELL, input="\n")
    assert result.stdout.splitlines()[:2] == [
        f"Read 1 knowledge file, 0.0 KB, from {tmp_path}.",
        f"Not read: prices.pdf ({CONVERT})",
    ]


@pytest.mark.parametrize("command", ["dev", "openai-standin"])
def test_address_of_another_machine(command: str) -> None:
    # 192.0.2.0/24 is reserved for documentation (RFC 5737): no machine has it.
    result = CliRunner().invoke(cli, [command, "--host", "192.0.2.1", "--port", "0"], env=SHELL)
    assert result.exit_code == 1
    assert "Cannot listen on 192.0.2.1:0: " in result.stderr
    assert "port" not in result.stderr


def test_screenshots_without_the_development_tools(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "playwright", None)
    monkeypatch.setattr(shutil, "which", lambda name: name)
    with pytest.raises(NoChromium, match="uv sync --group dev"):
        screenshots(tmp_path)


@pytest.mark.parametrize("command", ["dev", "chat"])
def test_invalid_settings(command: str) -> None:
    result = CliRunner().invoke(cli, [command], env={**SHELL, "ENVIRONMENT": "production"})
    assert result.exit_code == 1
    assert result.stderr.startswith("ENVIRONMENT is production, but ")


def test_file_for_conversations_that_cannot_be_used(tmp_path: Path) -> None:
    result = CliRunner().invoke(cli, ["dev", "--data", str(tmp_path)], env=SHELL)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Cannot use {tmp_path}: it cannot be opened.")
    assert result.stderr.count("\n") == 1
