"""The command line: what it prints when it cannot start."""

from __future__ import annotations

import socket

import pytest
from typer.testing import CliRunner

from local.cli import cli

# Overrides what the developer's own shell may set.
SHELL = {"ENVIRONMENT": "", "LOG_LEVEL": "", "OPENAI_API_KEY": ""}


@pytest.mark.parametrize("command", ["dev", "openai-standin"])
def test_port_in_use(command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = CliRunner().invoke(cli, [command, "--port", str(port)], env=SHELL)
    other = port + 1 if port < 65_535 else 0
    assert result.exit_code == 1
    assert f"Cannot listen on 127.0.0.1:{port}: " in result.stderr
    assert result.stderr.endswith(f" Try another port: voice-agent {command} --port {other}\n")


@pytest.mark.parametrize("command", ["dev", "openai-standin"])
def test_address_of_another_machine(command: str) -> None:
    # 192.0.2.0/24 is reserved for documentation (RFC 5737): no machine has it.
    result = CliRunner().invoke(cli, [command, "--host", "192.0.2.1", "--port", "0"], env=SHELL)
    assert result.exit_code == 1
    assert "Cannot listen on 192.0.2.1:0: " in result.stderr
    assert "port" not in result.stderr


@pytest.mark.parametrize("command", ["dev", "chat"])
def test_invalid_settings(command: str) -> None:
    result = CliRunner().invoke(cli, [command], env={**SHELL, "ENVIRONMENT": "production"})
    assert result.exit_code == 1
    assert result.stderr.startswith("ENVIRONMENT is production, but ")
