"""The recipes of docs/accounts.md, run as they are: the agent accepts the tokens that they sign."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import jwt
import pytest

from accounts.errors import IdentityInvalid
from accounts.identity import Identity
from clock import SystemClock
from local.environment import ROOT
from tests.blackbox.conftest import local_server
from tests.clocks import START, ManualClock
from tests.identity_tokens import AUDIENCE, token
from tests.test_docs import fenced

if TYPE_CHECKING:
    from pathlib import Path

NOW = int(START.timestamp())
PAGE = (ROOT / "docs" / "accounts.md").read_text("utf-8")
SECRET = "the-secret-of-the-recipes-0123456789abcdef"  # noqa: S105 - made up
DJANGO, FLASK = fenced(PAGE, "python")
RUN_DJANGO = f"""
import json
from django.conf import settings
apps = ["django.contrib.auth", "django.contrib.contenttypes"]
settings.configure(SECRET_KEY="x", VOICE_AGENT_SECRET={SECRET!r}, INSTALLED_APPS=apps)
import django
django.setup()
from django.contrib.auth.models import AnonymousUser, User
from django.test import RequestFactory
from recipe import voice_agent_token

request = RequestFactory().get("/voice-agent/token")
for user in (User(pk=7, first_name="Ada"), AnonymousUser()):
    request.user = user
    response = voice_agent_token(request)
    print(json.dumps([json.loads(response.content)["token"], response["Cache-Control"]]))
"""
RUN_FLASK = """
import json
from flask import Flask
from recipe import voice_agent

app = Flask("shop")
app.secret_key = "x"
app.register_blueprint(voice_agent)
for signed_in in ({"user_id": 7, "name": "Ada"}, {}):
    client = app.test_client()
    with client.session_transaction() as session:
        session.update(signed_in)
    response = client.get("/voice-agent/token")
    print(json.dumps([response.json["token"], response.headers["Cache-Control"]]))
"""
OTHERS = {
    "node": ("js", "recipe.mjs", ["--input-type=module", "-e"], (
        'import { identityToken } from "./recipe.mjs"; console.log(identityToken(7, "Ada"));'
    )),
    "php": ("php", "recipe.php", ["-r"], (
        'require "recipe.php"; echo identity_token("7", "Ada", getenv("VOICE_AGENT_SECRET"));'
    )),
    "ruby": ("ruby", "recipe.rb", ["-e"], (
        'require "./recipe"; puts VoiceAgentIdentity.token(7, "Ada", ENV["VOICE_AGENT_SECRET"])'
    )),
}  # fmt: skip


def output(command: list[str], folder: Path) -> str:
    env = {**os.environ, "VOICE_AGENT_SECRET": SECRET}
    ran = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=60, check=True)
    return ran.stdout.strip()


def check(signed: str) -> None:
    """The agent accepts it, and it is for an hour from now."""
    visitor = Identity([SECRET], "voice-agent", SystemClock()).visitor(signed)
    assert visitor.name == "Ada"
    claims: dict[str, Any] = jwt.decode(signed, options={"verify_signature": False})
    assert claims["sub"] == "7"
    assert claims["exp"] - claims["iat"] == 3600
    assert abs(claims["iat"] - time.time()) < 60


@pytest.mark.parametrize(
    ("recipe", "site"), [(DJANGO, RUN_DJANGO), (FLASK, RUN_FLASK)], ids=["django", "flask"]
)
def test_framework_hands_out_tokens_to_visitors_who_are_signed_in(
    tmp_path: Path, recipe: str, site: str
) -> None:
    (tmp_path / "recipe.py").write_text(recipe, "utf-8")
    signed_in, anonymous = map(json.loads, output([sys.executable, "-c", site], tmp_path).splitlines())
    check(signed_in[0])
    assert "no-store" in signed_in[1]
    assert anonymous[0] is None


@pytest.mark.parametrize("program", OTHERS)
def test_language_signs_tokens(tmp_path: Path, program: str) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    language, name, options, script = OTHERS[program]
    (block,) = fenced(PAGE, language)
    (tmp_path / name).write_text(block, "utf-8")
    check(output([program, *options, script], tmp_path))


def test_commands_to_try_it_work() -> None:
    (block,) = fenced(PAGE, "sh")
    with local_server(IDENTITY_SECRET=SECRET) as url:
        script = block.replace("http://localhost:8787", url)
        env = {**os.environ, "IDENTITY_SECRET": SECRET}
        ran = subprocess.run(["bash", "-c", script], env=env, capture_output=True, text=True, check=True)
    answer, end = json.JSONDecoder().raw_decode(ran.stdout)
    assert answer["saved"] is True
    (conversation,) = json.loads(ran.stdout[end:])["conversations"]
    assert conversation["title"] == "What is your pricing?"


def test_documented_reasons_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    rows = [line.strip("| ").split(" | ")[0] for line in PAGE.splitlines() if line.startswith("| it")]
    wrong: list[dict[str, Any]] = [
        *({"sub": 5}, {"exp": NOW * 1000}, {"exp": NOW + 90_000}, {"iat": NOW + 90_000}),
    ]
    identity = Identity([SECRET], AUDIENCE, ManualClock())
    for value in ("undefined", token(), *(token(SECRET, **changes) for changes in wrong)):
        with pytest.raises(IdentityInvalid):
            identity.visitor(value)
    assert len(rows) == len(caplog.messages)
    for row, message in zip(rows, caplog.messages, strict=True):
        assert message.startswith(f"Refused an identity token: {row}")
