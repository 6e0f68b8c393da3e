"""Which hosts the local server answers for, and when it warns that others can spend the key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx2
import pytest
from starlette.responses import PlainTextResponse
from typer.testing import CliRunner

from local.background import BackgroundTasks
from local.cli import cli
from local.known_hosts import KnownHosts, is_loopback
from local.running import running_app
from local.server import local_app, local_services
from settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

SHELL = {
    "ENVIRONMENT": "",
    "LOG_LEVEL": "",
    "OPENAI_BASE_URL": "",
    "OPENAI_API_KEY": "sk-test",
    "RATE_LIMIT": "",
}


async def status(host: str, bound: str = "127.0.0.1", allowed: Sequence[str] = ()) -> int:
    app = KnownHosts(PlainTextResponse("Hello"), bound, allowed)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app)) as client:
        return (await client.get("http://x.test/", headers={"host": host})).status_code


@pytest.mark.parametrize(
    "host",
    ["localhost", "localhost:8787", "LOCALHOST:8787", "127.0.0.1", "127.0.0.1:8787", "[::1]", "[::1]:8787"],
)
async def test_this_machine_is_known(host: str) -> None:
    assert await status(host) == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8787",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "192.0.2.1",
        "[::2]",
        "[::1",
        "[::1].evil.example",
        "[::1]evil",
        "localhost:evil.example",
        "localhost:80:80",
        "localhost@evil.example",
        "",
        ":8787",
    ],
)
async def test_any_other_host_is_refused(host: str) -> None:
    assert await status(host) == 421


async def test_bound_and_allowed_hosts_are_known() -> None:
    assert await status("192.0.2.1:8787", bound="192.0.2.1") == 200
    assert await status("Agent.test:8787", allowed=["agent.test"]) == 200


@pytest.mark.parametrize("bound", ["0.0.0.0", "::"])  # noqa: S104 - not listened on
async def test_all_addresses_of_this_machine_are_known_if_it_listens_on_all(bound: str) -> None:
    assert await status("192.0.2.1:8787", bound=bound) == 200
    assert await status("[2001:db8::1]:8787", bound=bound) == 200
    assert await status("evil.example", bound=bound) == 421


async def test_refusal_is_logged_once_without_the_name(caplog: pytest.LogCaptureFixture) -> None:
    app = KnownHosts(PlainTextResponse("Hello"), "127.0.0.1")
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app)) as client:
        for _ in range(2):
            await client.get("http://evil.example/")
    (message,) = caplog.messages
    assert "--allow-host" in message
    assert "evil" not in message


def test_forwarded_address_is_not_believed() -> None:
    background = BackgroundTasks()
    app = local_app(local_services(Settings(rate_limit="2/60"), background), background)
    with running_app(app) as url:
        statuses = [
            httpx2.post(
                f"{url}/api/voice-agent/session",
                headers={"x-forwarded-for": f"192.0.2.{number}", "cf-connecting-ip": f"192.0.2.{number}"},
                trust_env=False,
            ).status_code
            for number in range(3)
        ]
    assert statuses == [201, 201, 429]


@pytest.mark.parametrize(
    ("host", "settings", "warned"),
    [
        ("192.0.2.1", {}, True),
        ("192.0.2.1", {"RATE_LIMIT": "20/60"}, False),
        ("192.0.2.1", {"OPENAI_API_KEY": ""}, False),
        ("127.0.0.1", {}, False),
    ],
)
def test_warns_of_a_key_that_others_can_spend(
    host: str, settings: dict[str, str], *, warned: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.cli.serve", lambda *_args, **_options: None)
    result = CliRunner().invoke(cli, ["dev", "--host", host, "--port", "0"], env={**SHELL, **settings})
    assert ("can spend your key" in result.stderr) is warned


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_loopback(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "agent.test"])  # noqa: S104 - not listened on
def test_not_loopback(host: str) -> None:
    assert not is_loopback(host)
