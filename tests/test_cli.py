"""The command line: what it says where it cannot start, and what to do about it."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from errors import ConfigurationError
from local.cli import cli
from local.environment import local_settings

NOWHERE = Path("/nonexistent/.dev.vars")
# A local run with these needs nothing from the shell that the tests run in.
SHELL = {"ENVIRONMENT": "", "LOG_LEVEL": "", "OPENAI_API_KEY": ""}


@pytest.mark.parametrize("command", ["dev", "openai-standin"])
def test_a_taken_port_is_answered_with_another_one(command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = CliRunner().invoke(cli, [command, "--port", str(port)], env=SHELL)
    other = port + 1 if port < 65_535 else 0
    assert result.exit_code == 1
    assert f"Cannot listen on 127.0.0.1:{port}: " in result.stderr
    assert result.stderr.endswith(f" Try another port: voice-agent {command} --port {other}\n")


@pytest.mark.parametrize("command", ["dev", "openai-standin"])
def test_a_host_of_another_machine_is_not_answered_with_another_port(command: str) -> None:
    # 192.0.2.0/24 is for documentation (RFC 5737): no machine has it.
    result = CliRunner().invoke(cli, [command, "--host", "192.0.2.1", "--port", "0"], env=SHELL)
    assert result.exit_code == 1
    assert "Cannot listen on 192.0.2.1:0: " in result.stderr
    assert "port" not in result.stderr


@pytest.mark.parametrize("level", ["debug", "Debug", "DEBUG"])
def test_the_log_level_may_be_written_in_any_case(level: str) -> None:
    assert local_settings({"LOG_LEVEL": level}, NOWHERE).log_level == "DEBUG"


@pytest.mark.parametrize(
    ("written", "said"),
    [("OPENAI_API_KEY=sk-1".encode("utf-16"), "UTF-8"), (b"sk-abc123\n", "NAME=value")],
)
def test_a_file_of_settings_that_holds_something_else_is_told_without_its_content(
    tmp_path: Path, written: bytes, said: str
) -> None:
    file = tmp_path / ".dev.vars"
    file.write_bytes(written)
    with pytest.raises(ConfigurationError, match=said) as error:
        local_settings({}, file)
    assert "sk-" not in str(error.value)


def test_a_local_run_says_what_to_do_about_production() -> None:
    with pytest.raises(ConfigurationError, match="unset ENVIRONMENT"):
        local_settings({"ENVIRONMENT": "production"}, NOWHERE)


def test_the_command_says_so_too() -> None:
    result = CliRunner().invoke(cli, ["dev", "--port", "0"], env={**SHELL, "ENVIRONMENT": "production"})
    assert result.exit_code == 1
    assert "unset ENVIRONMENT" in result.stderr
    assert "wrangler.toml" not in result.stderr
