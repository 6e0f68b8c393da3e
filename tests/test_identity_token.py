"""`voice-agent identity-token`."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from accounts.identity import Identity
from clock import SystemClock
from local.cli import cli
from tests.identity_tokens import SECRET

NEW = "the-secret-that-replaces-it-0123456789abcd"


def identity_token(*arguments: str, **env: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli, ["identity-token", *arguments], env={"LOG_LEVEL": "", **env})
    return result.exit_code, result.stdout.strip(), result.stderr


@pytest.mark.parametrize("audience", ["", "shop"])
def test_token_is_accepted(audience: str) -> None:
    env = {"IDENTITY_SECRET": f"{NEW},{SECRET}", "IDENTITY_AUDIENCE": audience}
    _, token, _ = identity_token("visitor-1", "--name", "Ada", **env)
    identity = Identity([NEW], audience or "voice-agent", SystemClock())
    assert identity.visitor(token).name == "Ada"
    _, nameless, _ = identity_token("visitor-1", **env)
    assert identity.visitor(nameless).owner == identity.visitor(token).owner
    assert identity.visitor(nameless).name == ""


@pytest.mark.parametrize(
    ("subject", "secret", "problem"),
    [
        ("visitor-1", "", "Set IDENTITY_SECRET"),
        ("visitor-1", "short", "IDENTITY_SECRET must have at least 32 characters"),
        ("x" * 256, SECRET, "must have 1 to 255 characters"),
        (" ", SECRET, "must have 1 to 255 characters"),
    ],
)
def test_problem_is_explained(subject: str, secret: str, problem: str) -> None:
    code, token, errors = identity_token(subject, IDENTITY_SECRET=secret)
    assert (code, token) == (1, "")
    assert problem in errors
